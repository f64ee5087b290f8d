namespace Lowrank.Adapters.Tests;

/// <summary>What is found out of TorchSharp's modules by their answers: in half precision too, and once their weights are there.</summary>
public class SealedProbeTests
{
    public static TheoryData<ScalarType, double> HalfDropouts => new()
    {
        { ScalarType.BFloat16, 0.01 }, { ScalarType.BFloat16, 0.1 }, { ScalarType.BFloat16, 0.2 }, { ScalarType.BFloat16, 0.5 },
        { ScalarType.BFloat16, 0 }, { ScalarType.Float16, 0.01 }, { ScalarType.Float16, 0.1 }, { ScalarType.Float16, 0.37 },
    };

    [Theory, MemberData(nameof(HalfDropouts))]
    public void ADropoutInHalfPrecisionIsTheVeryOne(ScalarType dtype, double dropout)
    {
        foreach (int heads in new[] { 1, 2, 4 })
        {
            using var scope = NewDisposeScope();
            random.manual_seed(heads);
            var attention = nn.MultiheadAttention(16, heads, dropout: dropout).to(dtype);
            using var net = new HeldNet(("0", attention));
            using var adapters = net.AddLora("in_proj", rank: 2);   // adds zero yet
            var x = randn([3, 2, 16], generator: new Generator(TestSeeds.Of(5))).to(dtype);
            attention.call(x, x, x, null!, true, null!);   // finds it
            random.manual_seed(7);
            attention.forward(x, x, x, null!, true, null!);   // as a call does, before its adapted run
            var (want, shares) = attention.forward(x, x, x, null!, true, null!);
            random.manual_seed(7);
            var (got, gotShares) = attention.call(x, x, x, null!, true, null!);
            // A percent more or less is 0.01 of the largest; a rounding of half precision 0.004.
            Assert.InRange((got - want).abs().max().ToDouble(), 0, 0.004 * want.abs().max().ToDouble());
            Assert.InRange((gotShares - shares).abs().max().ToDouble(), 0, 0.004 * shares.abs().max().ToDouble());
        }
    }

    public static TheoryData<string> Unfilled => ["attention", "bag", "RNN", "RNNCell"];

    static nn.Module Made(string name) => name switch
    {
        "attention" => nn.MultiheadAttention(12, 3),
        "bag" => nn.EmbeddingBag(7, 5),
        "RNN" => nn.RNN(4, 5),
        _ => nn.RNNCell(4, 5),
    };

    [Theory, MemberData(nameof(Unfilled))]
    public void AModuleDescribedBeforeItsWeightsAreThereIsAdaptableAfterwards(string name)
    {
        using var scope = NewDisposeScope();
        var module = Made(name);
        using var net = new HeldNet(("0", module));
        var full = module.parameters().Select(parameter => parameter.detach().clone()).ToList();
        foreach (double empty in new[] { 0, double.NaN })
        {
            using (no_grad())
                foreach (var parameter in module.parameters()) parameter.fill_(empty);
            var listed = Assert.Single(ModelDescription.Of(net).Unadaptable);
            Assert.Contains("weights of it are all alike, zero or not finite; load them", listed.Reason, StringComparison.Ordinal);
        }
        using (no_grad())
            foreach (var (parameter, value) in module.parameters().Zip(full)) parameter.copy_(value);
        var model = ModelDescription.Of(net);
        Assert.Empty(model.Unadaptable);
        Assert.All(model.Components[0].Targets.Zip(ModelDescription.Of(net).Components[0].Targets), pair => Assert.Same(pair.First.Layer, pair.Second.Layer));
    }

    [Fact]
    public void ABagOfManyEmptyRowsIsDescribedWithTheWordItLeavesOut()
    {
        using var scope = NewDisposeScope();
        var bag = nn.EmbeddingBag(9001, 3, padding_index: 9000, mode: EmbeddingBagMode.Sum);
        using var net = new HeldNet(("0", bag));
        using (no_grad()) bag.weight!.narrow(0, 2, 8999).zero_();
        using var attachment = ModelDescription.Of(net).Adapt("0", new LoraOptions(2, 2));
        using (no_grad())
            foreach (var part in attachment.Adapter.Trainable) part.fill_(0.5);
        // Each row of words is changed by ½·½ twice; the last word is left out.
        var ids = tensor(new long[] { 5000, 9000 }, [1, 2]);
        Assert.True(bag.call(ids, null!, null!).allclose(tensor(new[] { 0.5f, 0.5f, 0.5f }, [1, 3])));
    }

    [Fact]
    public void AParameterOfWholeNumbersIsRefusedInWords()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => new AdaptableParameter(ones(3, 4, ScalarType.Int64)));
        Assert.Contains("Int64 (3, 4) has no gradient", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AParameterThatIsTheModelItselfIsListed()
    {
        using var own = new AdaptableParameter(ones(3, 4));
        var listed = Assert.Single(ModelDescription.Of(own).Unadaptable);
        Assert.Contains("it is the model itself", listed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsThatChangedPlacesAfterMergingAreNotLost()
    {
        using var scope = NewDisposeScope();
        var linear = nn.Linear(5, 4);
        using var net = new HeldNet(("0", linear));
        using var adapters = net.AddLora("0", rank: 2);
        adapters.Merge();
        using (no_grad()) linear.weight!.copy_(linear.weight!.flip(0));
        var edited = linear.weight!.detach().clone();
        Assert.Throws<LowrankException>(() => adapters.Unmerge());
        Assert.True(linear.weight!.equal(edited).all().ToBoolean());
        adapters.Unmerge(discardEdits: true);
    }
}
