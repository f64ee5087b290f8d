namespace Lowrank.Adapters.Tests;

/// <summary>Low-rank adapters on one layer are computed as one where nothing goes back, with the answer of one after the other.</summary>
public sealed class JoinedBranchesTests : IDisposable
{
    // Sums of a few dozen terms in another order.
    const double Single = 1e-6;

    readonly DisposeScope scope = NewDisposeScope();
    readonly Generator generator = new(11);

    public void Dispose() => scope.Dispose();

    public static IEnumerable<TheoryDataRow<string>> Layers =>
        from layer in LayerCase.All
        where Lora.Descriptor.Refuses(layer.Target, new LoraOptions(1)) is null
        select new TheoryDataRow<string>(layer.Name);

    SequenceModel Made(string layer, ScalarType dtype = ScalarType.Float32)
    {
        var model = new SequenceModel(LayerCase.All.First(one => one.Name == layer).Make(new Storage(dtype)));
        using var grad = no_grad();
        foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        return model;
    }

    Adapter Trained(ModelDescription model, LoraOptions options)
    {
        var adapter = AdapterFactory.Create(model, [.. model.Components[0].Targets.Select(t => t.Target)], Lora.Descriptor, options, generator);
        adapter.Train(false);
        using var own = NewDisposeScope();
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.5);
        return adapter;
    }

    // Of unequal ranks, alphas and strengths.
    List<Attachment> Three(ModelDescription model) =>
    [
        model.Attach(Trained(model, new(2, 3)), 0.7), model.Attach(Trained(model, new(3, 1)), -0.3), model.Attach(Trained(model, new(1, 1))),
    ];

    static void Free(List<Attachment> attached)
    {
        foreach (var one in attached)
        {
            one.Dispose();
            one.Adapter.Dispose();
        }
    }

    static Tensor Answer(SequenceModel model, Tensor x)
    {
        using var grad = no_grad();
        return model.call(x);
    }

    static long[] InputShape(string layer) => LayerCase.All.First(one => one.Name == layer).InputShape;

    [Theory, MemberData(nameof(Layers))]
    public void TheAnswerIsThatOfOneAfterTheOther(string layer)
    {
        using var model = Made(layer);
        var description = model.Describe();
        var x = LayerCase.All.First(one => one.Name == layer).Input(description.Components[0].Targets[0].Layer, ScalarType.Float32, generator);
        var attached = Three(description);
        var recorded = model.call(x).detach();   // where something may go back, one after the other
        Close.Equal(recorded, Answer(model, x), Single);
        foreach (var one in attached.Skip(1)) one.Active = false;
        Close.Equal(model.call(x).detach(), Answer(model, x), Single, "answer with one");
        Free(attached);
    }

    public static bool LacksVectors
    {
        get
        {
            using var grad = no_grad();
            return !TokenRows.ArePossible;
        }
    }

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(LacksVectors)), InlineData("works"), InlineData("off"), InlineData("merged")]
    public void FewTokensAreAskedOnceWithWhatIsMergedOrSwitchedOff(string how)
    {
        using var linear = new Linear(16, 32);
        using var model = new SequenceModel(linear);
        using var grad = no_grad();
        foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        var description = model.Describe();
        var attached = Three(description);
        if (how == "off") attached.ForEach(one => one.Active = false);
        if (how == "merged") description.Merge();
        var host = Assert.IsType<AdaptedLayer>(linear.Host);
        var x = randn([2, 16], generator: generator);
        var wanted = model.call(x);
        long asked = host.Calls;
        Assert.NotNull(host.BranchOf(linear, ScalarType.Float32));
        using TokenRows given = new(2, 16), answer = new(2, 32);
        given.Take(x);
        Linear.Run(given, ScalarType.Float32, (linear, answer));
        Assert.Equal(asked + 1, host.Calls);
        Close.Equal(wanted, answer.Told(ScalarType.Float32).view(2, 32), Single);
        if (how == "merged") description.Unmerge();
        Free(attached);
    }

    [Theory, InlineData("linear of even sizes"), InlineData("conv 3x3"), InlineData("conv 1x1")]
    public void InBFloat16ItIsAsNearToTheTruth(string layer)
    {
        using var model = Made(layer, ScalarType.BFloat16);
        var description = model.Describe();
        var attached = Three(description);
        var x = randn([16, .. InputShape(layer)[1..]], generator: generator).to(ScalarType.BFloat16);
        var recorded = model.call(x).detach();
        var joined = Answer(model, x);
        var exact = Exact(description.Components[0].Targets[0].Layer, attached, x);
        Assert.True(Error(joined) <= 1.05 * Error(recorded), $"joined {Error(joined):g3}, one after the other {Error(recorded):g3}");
        Free(attached);

        double Error(Tensor answer) => (answer.to(ScalarType.Float64) - exact).norm().ToDouble();
    }

    static Tensor Exact(IAdaptable layer, List<Attachment> attached, Tensor x)
    {
        using var grad = no_grad();
        var list = attached.ConvertAll(one => (one.Adapter.Targets.Values.Single(), one.Strength));
        var weight = Reparameterization.Applied(layer.Weight.Dense().to(ScalarType.Float64), list);
        return layer.Run(x.to(ScalarType.Float64), weight, layer.Bias?.to(ScalarType.Float64));
    }

    [Theory, InlineData("multiplied"), InlineData("a view of it written"), InlineData("written past libtorch"), InlineData("a step")]
    public void AFactorThatWasWrittenIntoCounts(string how)
    {
        using var model = Made("linear of even sizes");
        var description = model.Describe();
        var attached = Three(description);
        var x = randn(4, 12, generator: generator);
        var before = Answer(model, x);
        var up = ((Lora)attached[1].Adapter.Targets.Values.Single()).Factors.Up;
        switch (how)
        {
            case "multiplied":
                using (no_grad()) up.mul_(3);
                break;
            case "a view of it written":
                using (no_grad()) up.narrow(1, 0, 1).zero_();
                break;
            case "written past libtorch":
                up.bytes.Clear();
                break;
            default:
                using (var optimizer = new FusedAdamW([new ParameterGroup([.. attached[1].Adapter.Trainable], 0.1)]))
                {
                    model.call(x).square().sum().backward();
                    optimizer.Step();
                }
                break;
        }
        var after = Answer(model, x);
        Assert.True((after - before).abs().max().ToDouble() > 1e-3, "the answer stayed as it was");
        Close.Equal(model.call(x).detach(), after, Single);
        Free(attached);
    }

    [Fact]
    public void ALayerHoldsTwoTensorsHoweverManyAdaptersAndFreesThemWithThem() => WithoutLeaks((_, attached, call) =>
    {
        long before = LeakGuard.Live;
        call();
        Assert.Equal(before + 2, LeakGuard.Live);
        attached[0].Strength = 0.2;
        Assert.Equal(before, LeakGuard.Live);
        call();
        attached[2].Active = false;
        call();
        Assert.Equal(before + 2, LeakGuard.Live);
    });

    // Three adapters on a convolution that was called before they came, and are freed behind the work.
    void WithoutLeaks(Action<ModelDescription, List<Attachment>, Action> work)
    {
        using var model = Made("conv 3x3");
        var description = model.Describe();
        using var x = randn(InputShape("conv 3x3"), generator: generator);
        using var grad = no_grad();
        model.call(x).Dispose();
        LeakGuard.NoTensorLeaks(() =>
        {
            var attached = Three(description);
            work(description, attached, () => model.call(x).Dispose());
            Free(attached);
        });
    }

    [Theory, MemberData(nameof(Layers))]
    public void ACallThatChoosesHasTheBitsOfOneThatFindsThemSwitchedOn(string layer)
    {
        using var model = Made(layer);
        var description = model.Describe();
        var x = LayerCase.All.First(one => one.Name == layer).Input(description.Components[0].Targets[0].Layer, ScalarType.Float32, generator);
        var attached = Three(description);
        Tensor chosen, without;
        using (description.Using((attached[0], 0.4), (attached[2], -2))) chosen = Answer(model, x);
        using (attached[1].Disabled()) without = Answer(model, x);
        attached[1].Active = false;
        Close.Same(Answer(model, x), without);
        (attached[0].Strength, attached[2].Strength) = (0.4, -2);
        Close.Same(Answer(model, x), chosen);
        Free(attached);
    }

    [Fact]
    public void OfManyChoicesTheLastAreHeldAndFreedWithTheAdapters() => WithoutLeaks((description, attached, call) =>
    {
        long before = LeakGuard.Live;
        var held = new List<long>();
        for (int strength = 1; strength <= 12; strength++)
            using (description.Using(attached[strength % 3], strength))
            {
                call();
                held.Add((LeakGuard.Live - before) / 2);   // A and B each
            }
        Assert.Equal([1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4], held);
    });

    [Fact]
    public void AChoiceThatComesAgainIsMadeOnceAndOneThatWasWrittenIntoAnew()
    {
        using var model = Made("conv 3x3");
        var description = model.Describe();
        var x = randn(InputShape("conv 3x3"), generator: generator);
        var attached = Three(description);
        var up = ((Lora)attached[1].Adapter.Targets.Values.Single()).Factors.Up;
        using (description.Using(attached[1]))
        {
            var before = Answer(model, x);
            long live = LeakGuard.Live;
            Close.Same(before, Answer(model, x));
            using (no_grad()) up.mul_(3);
            var after = Answer(model, x);
            Assert.Equal(live + 2, LeakGuard.Live);   // the two answers
            Assert.False(after.allclose(before));
            Close.Equal(model.call(x).detach(), after, Single);
        }
        Free(attached);
    }

    [Fact]
    public void ABlockThatChoosesAmongThemIsHeeded()
    {
        using var model = Made("linear");
        var description = model.Describe();
        var attached = Three(description);
        var x = randn(2, 3, 7, generator: generator);
        var all = Answer(model, x);
        using (attached[1].Disabled())
        {
            var without = Answer(model, x);
            Close.Equal(model.call(x).detach(), without, Single);
            Assert.False(all.allclose(without));
        }
        using (description.WithoutAdapters()) Close.Same(LayerAlone(model, x), Answer(model, x));
        Close.Same(all, Answer(model, x));
        Free(attached);
    }

    static Tensor LayerAlone(SequenceModel model, Tensor x)
    {
        using var grad = no_grad();
        return model.Describe().Components[0].Targets[0].Layer.Run(x);
    }

    [Fact]
    public void DropoutsActAsBefore()
    {
        using var model = Made("linear of even sizes");
        var description = model.Describe();
        using var adapter = Trained(description, new LoraOptions(4) { RankDropout = 0.5 });
        adapter.Train(true);
        using var attached = description.Attach(adapter);
        var x = randn(64, 12, generator: generator);
        Assert.False(Answer(model, x).allclose(Answer(model, x)));
        adapter.Train(false);
        Close.Same(Answer(model, x), Answer(model, x));
    }

    [Fact]
    public void AModuleDropoutThatActsIsHeededAndOneThatRestsIsJoined()
    {
        using var model = Made("linear of even sizes");
        var description = model.Describe();
        using var steady = Trained(description, new LoraOptions(3, 2));
        using var chancy = Trained(description, new LoraOptions(4, 1) { ModuleDropout = 0.5 });
        using var first = description.Attach(steady, 0.7);
        using var second = description.Attach(chancy, -0.6);
        var x = randn(4, 12, generator: generator);
        long before = LeakGuard.Live;
        var both = Answer(model, x);
        // The answer, and where libtorch multiplies them the two factors of joined branches.
        Assert.Contains(LeakGuard.Live - before, new long[] { 1, 3 });
        Close.Equal(model.call(x).detach(), both, Single);
        second.Active = false;
        var alone = model.call(x).detach();
        second.Active = true;
        chancy.Train(true);
        long live = LeakGuard.Live;
        var seen = new HashSet<bool>();
        for (int call = 0; call < 40; call++)
        {
            using var own = NewDisposeScope();
            var answer = Answer(model, x);   // where the branch is left out, or acts whole, as one after the other has it
            bool acts = (answer - both).abs().max().ToDouble() < (answer - alone).abs().max().ToDouble();
            Close.Equal(acts ? both : alone, answer, Single);
            seen.Add(acts);
        }
        Assert.Equal(2, seen.Count);
        Assert.Equal(live, LeakGuard.Live);   // and nothing joined is held
        chancy.Train(false);
        Close.Equal(both, Answer(model, x), Single);
    }

    [Fact]
    public void AnInputInAnotherDtypeIsAnsweredInIt()
    {
        using var model = Made("linear");
        var description = model.Describe();
        var attached = Three(description);
        var x = randn(2, 3, 7, generator: generator);
        var single = Answer(model, x);
        var brain = Answer(model, x.to(ScalarType.BFloat16));
        Assert.Equal(ScalarType.BFloat16, brain.dtype);
        Close.Equal(single, brain, Close.Brain);
        Close.Same(single, Answer(model, x));
        Free(attached);
    }

    [Fact]
    public void AConvolutionTakesAPictureWithoutABatch()
    {
        using var model = Made("conv 3x3");
        var description = model.Describe();
        var attached = Three(description);
        var x = randn(InputShape("conv 3x3"), generator: generator);
        Close.Equal(Answer(model, x)[0], Answer(model, x[0]), Close.Single);
        Free(attached);
    }
}
