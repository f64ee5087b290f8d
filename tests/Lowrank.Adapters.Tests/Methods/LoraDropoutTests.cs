namespace Lowrank.Adapters.Tests;

/// <summary>The dropouts against formulas written out, from the same seed.</summary>
public class LoraDropoutTests
{
    const double Scale = 2.0 / 3;   // alpha 2, rank 3
    const int Rank = 3;

    public static IEnumerable<TheoryDataRow<string>> Layers =>
        LayerCase.All.Where(l => !l.Name.StartsWith("Torch", StringComparison.Ordinal) && !l.Name.EndsWith("norm", StringComparison.Ordinal)).Select(l => new TheoryDataRow<string>(l.Name));

    static (SequenceModel Model, IAdaptable Layer, Lora Lora, Tensor X) Made(string layerName, LoraOptions options)
    {
        var layerCase = LayerCase.All.First(l => l.Name == layerName);
        var generator = new Generator(3);
        var model = new SequenceModel(layerCase.Make(Storage.Default));
        var (target, layer) = model.Describe().Components[0].Targets[0];
        using var grad = no_grad();
        foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        var lora = (Lora)Lora.Descriptor.Create(target, options, new Initialization(generator));
        foreach (var part in lora.Trainable) part.copy_(randn(part.shape, generator: generator));
        lora.train();
        return (model, layer, lora, layerCase.Input(layer, ScalarType.Float32, generator));
    }

    // A LoRA of one rank at a time, by the formula of the whole weight: y = Wx + s·Σ factor_r·(rank r's answer), where dropping sets
    // the factors.
    static Tensor[] Ranks(IAdaptable layer, Lora lora, Tensor x)
    {
        var (down, up) = (lora.Parts[0].Value, lora.Parts[1].Value);
        var without = layer.Run(x, zeros_like(layer.Weight.Dense()));   // the bias
        return [.. Enumerable.Range(0, Rank).Select(r =>
        {
            var product = up.reshape(-1, Rank).narrow(1, r, 1).Multiply(down.reshape(Rank, -1).narrow(0, r, 1));
            return layer.Run(x, lora.Target.FromMatrix(product)) - without;
        })];
    }

    static Tensor Hosted(SequenceModel model, IAdaptable layer, Lora lora, Tensor x)
    {
        AdaptedLayer.In(layer).Add(lora, 1);
        random.manual_seed(42);
        return model.call(x);
    }

    [Theory, MemberData(nameof(Layers))]
    public void RankDropoutDropsRanksOfEachSampleAndRaisesTheRest(string layerName)
    {
        using var scope = NewDisposeScope();
        const double P = 0.4;
        var (model, layer, lora, x) = Made(layerName, new LoraOptions(Rank, 2) { RankDropout = P });
        var got = Hosted(model, layer, lora, x);

        random.manual_seed(42);
        var kept = (rand(x.shape[0], Rank) > P).to(ScalarType.Float32) / (1 - P);   // (B, rank)
        Assert.True(kept.min().ToSingle() == 0 && kept.max().ToSingle() > 1, "the seed drops some and keeps some");
        var want = layer.Run(x);
        var ranks = Ranks(layer, lora, x);
        for (int r = 0; r < Rank; r++)
            want = want + Scale * ranks[r] * kept.narrow(1, r, 1).reshape([-1, .. Enumerable.Repeat(1L, (int)want.dim() - 1)]);
        Close.Equal(want, got);
    }

    [Theory, InlineData(0.999, false), InlineData(0.001, true)]
    public void ModuleDropoutLeavesTheAdapterOutByOneDraw(double p, bool adapted)
    {
        using var scope = NewDisposeScope();
        var (model, layer, lora, x) = Made("conv 3x3", new LoraOptions(Rank, 2) { ModuleDropout = p });
        var got = Hosted(model, layer, lora, x);
        Close.Equal(adapted ? layer.Run(x) + lora.Branch(x, layer, 1) : layer.Run(x), got);
    }

    [Fact]
    public void ModuleDropoutIsDrawnForEachAdapter()
    {
        using var scope = NewDisposeScope();
        var (model, layer, lora, x) = Made("linear", new LoraOptions(Rank, 2) { ModuleDropout = 0.5 });
        AdaptedLayer.In(layer).Add(lora, 1);
        AdaptedLayer.In(layer).Add(lora, 1);
        var seen = new HashSet<int>();
        var branch = lora.Branch(x, layer, 1);
        for (int seed = 0; seed < 32; seed++)
        {
            random.manual_seed(seed);
            var share = (model.call(x) - layer.Run(x)).mul(branch).sum() / branch.square().sum();
            random.manual_seed(seed);
            int want = (rand(1).ToSingle() < 0.5 ? 0 : 1) + (rand(1).ToSingle() < 0.5 ? 0 : 1);
            Assert.Equal(want, share.ToDouble(), 1e-4);
            seen.Add(want);
        }
        Assert.Equal([0, 1, 2], seen.Order());
    }

    [Theory, MemberData(nameof(Layers))]
    public void PlainDropoutDropsRankActivations(string layerName)
    {
        using var scope = NewDisposeScope();
        const double P = 0.3;
        var (model, layer, lora, x) = Made(layerName, new LoraOptions(Rank, 2) { Dropout = P });
        var got = Hosted(model, layer, lora, x);

        // The answer is linear in the mask; the mask of ones is the answer without dropout, and its mean over many seeds is that answer.
        lora.eval();
        var whole = model.call(x);
        lora.train();
        Assert.False(got.allclose(whole));
        var mean = zeros_like(whole);
        const int Draws = 400;
        using (no_grad())
            for (int i = 0; i < Draws; i++) mean.add_(model.call(x) / Draws);
        double spread = (whole - layer.Run(x)).abs().max().ToDouble() * Math.Sqrt(P / (1 - P)) / Math.Sqrt(Draws);
        Assert.True((mean - whole).abs().max().ToDouble() < 8 * spread);
    }

    [Fact]
    public void PlainDropoutIsThatOfTheRankActivations()
    {
        using var scope = NewDisposeScope();
        var (model, layer, lora, x) = Made("linear", new LoraOptions(Rank, 2) { Dropout = 0.3 });
        var got = Hosted(model, layer, lora, x);
        random.manual_seed(42);
        var low = nn.functional.dropout(nn.functional.linear(x, lora.Parts[0].Value), 0.3, training: true);
        Close.Equal(layer.Run(x) + Scale * nn.functional.linear(low, lora.Parts[1].Value), got);
    }

    [Theory, MemberData(nameof(Layers))]
    public void NothingDropsOutsideTraining(string layerName)
    {
        using var scope = NewDisposeScope();
        var (model, layer, lora, x) = Made(layerName, new LoraOptions(Rank, 2) { Dropout = 0.5, RankDropout = 0.5, ModuleDropout = 0.5 });
        lora.eval();
        Close.Equal(layer.Run(x, lora.Target.FromMatrix(lora.Apply(lora.Target.ToMatrix(layer.Weight.Dense()), 1))), Hosted(model, layer, lora, x));
    }

    [Theory, MemberData(nameof(Layers))]
    public void CheckpointingDrawsTheSameDropouts(string layerName)
    {
        using var scope = NewDisposeScope();
        var (model, layer, lora, x) = Made(layerName, new LoraOptions(Rank, 2) { Dropout = 0.3, RankDropout = 0.3, ModuleDropout = 0.1 });
        AdaptedLayer.In(layer).Add(lora, 1);
        var plain = Gradients(y => model.call(y));
        var checkpointed = Gradients(y => Checkpoint.Run(z => model.call(z), y));
        foreach (var (one, other) in plain.Zip(checkpointed)) Close.Same(one, other);

        List<Tensor> Gradients(Func<Tensor, Tensor> run)
        {
            foreach (var part in lora.Trainable) part.grad?.zero_();
            random.manual_seed(6);
            run(x).square().sum().backward();
            Backward.Rethrow();
            return [.. lora.Trainable.Select(part => part.grad!.clone())];
        }
    }
}
