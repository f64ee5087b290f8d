namespace Lowrank.Adapters.Tests;

/// <summary>What is refused, with the reason and the numbers; and what looks odd and is right.</summary>
public sealed class RefusalTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    static readonly Target linear = new("unet.a", LayerKind.Linear, [12, 8]), odd = new("unet.o", LayerKind.Linear, [9, 8]), norm = new("unet.n", LayerKind.Norm, [8]);

    static string Refusal(Target target, MethodDescriptor method, MethodOptions options) =>
        Assert.Throws<LowrankException>(() => AdapterFactory.Create([target], method, _ => options).Dispose()).Message;

    public static IEnumerable<TheoryDataRow<string>> EveryMethod => Methods.All.Select(m => new TheoryDataRow<string>(m.Name).OfMethod(m));

    [Theory, MemberData(nameof(EveryMethod))]
    public void Rank0IsRefusedByEveryMethod(string name) => Assert.Contains("rank 0", Refusal(linear, Methods.Named(name), new MethodOptions(0)), StringComparison.Ordinal);

    [Theory, InlineData("lora"), InlineData("loha"), InlineData("glora"), InlineData("dylora")]
    public void ARankAboveTheWidthIsAllowed(string name)
    {
        using var adapter = AdapterFactory.Create([linear], Methods.Named(name), _ => new MethodOptions(100));
        Assert.NotEmpty(adapter.Trainable);
    }

    [Fact]
    public void ALoKrOfHugeRankHasTwoWholeFactors()
    {
        using var adapter = AdapterFactory.Create([linear], Lokr.Descriptor, _ => new MethodOptions(100000, 1));
        Assert.Equal(1, ((Lokr)adapter.Targets["unet.a"]).Scale);
    }

    [Fact]
    public void AFactorThatDoesNotDivideBoundsTheSmallerOne()
    {
        using var adapter = AdapterFactory.Create([linear], Lokr.Descriptor, _ => new LokrOptions(100) { Factor = 5 });
        Assert.Equal([3, 2], ((Lokr)adapter.Targets["unet.a"]).Outer().shape);   // 12 = 3·4 and 8 = 2·4
    }

    [Fact]
    public void AFactorOf0IsRefused() => Assert.Contains("factor 0", Refusal(linear, Lokr.Descriptor, new LokrOptions(2) { Factor = 0 }), StringComparison.Ordinal);

    [Fact]
    public void BOFTSaysWhichBlockSizeAWidthNeeds()
    {
        Assert.Contains("the smallest that does is 6", Refusal(linear, Boft.Descriptor, new MethodOptions(4)), StringComparison.Ordinal);
        Assert.Contains("odd", Refusal(odd, Boft.Descriptor, new MethodOptions(4)), StringComparison.Ordinal);
    }

    [Fact]
    public void ARotationNeedsBlocksThatCanTurn()
    {
        var prime = new Target("unet.p", LayerKind.Linear, [7, 8]);
        Assert.Contains("7 outputs", Refusal(prime, DiagOft.Descriptor, new MethodOptions(4)), StringComparison.Ordinal);
        Assert.Contains("5 blocks", Refusal(linear, KohyaOft.Descriptor, new MethodOptions(5)), StringComparison.Ordinal);
    }

    [Theory, InlineData("ia3"), InlineData("diag-oft"), InlineData("hra")]
    public void DoRAAndALearnedScalarWorkOverWhatAdds(string name)
    {
        Assert.Contains("multiplies", Refusal(linear, Methods.Named(name), new MethodOptions(4) { Dora = DoraAxis.Output }), StringComparison.Ordinal);
        Assert.Contains("multiplies", Refusal(linear, Methods.Named(name), new MethodOptions(4) { LearnedScalar = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void ANormHasNoLowRank() => Assert.Contains("norm", Refusal(norm, Lora.Descriptor, new MethodOptions(2)), StringComparison.Ordinal);

    [Fact]
    public void IA3OnTheInputOfAGroupedConvolutionIsRefused()
    {
        var grouped = new Target("unet.g", LayerKind.Conv2d, [6, 2, 3, 3], new ConvolutionWalk([1, 1], [1, 1], [1, 1], 3));
        Assert.Contains("grouped", Refusal(grouped, Ia3.Descriptor, new Ia3Options(new MethodOptions(1)) { TrainOnInput = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void AHugeAlphaIsOnlyAScale()
    {
        using var lora = new Lora(linear, ones(1, 8), ones(12, 1), alpha: 1e10);
        Assert.Equal(1e10, lora.Scale);
    }
}
