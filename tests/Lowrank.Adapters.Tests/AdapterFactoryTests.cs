namespace Lowrank.Adapters.Tests;

public class AdapterFactoryTests
{
    static readonly Target linear = new("unet.a", LayerKind.Linear, [5, 7]), norm = new("unet.b", LayerKind.Norm, [5]);

    [Theory]
    [InlineData(0, 1.0, "rank 0")]
    [InlineData(-4, 1.0, "rank -4")]
    [InlineData(4, double.NaN, "alpha NaN")]
    [InlineData(4, -1.0, "alpha -1")]
    public void OptionsThatMakeNoSenseAreRefusedWithTheLayer(int rank, double alpha, string told)
    {
        var error = Assert.Throws<LowrankException>(() => AdapterFactory.Create([linear], new LoraOptions(rank, alpha)));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Contains("unet.a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOptionOutOfRangeIsTold()
    {
        var options = new LoraOptions(0) { RankDropout = 1, ModuleDropout = double.NaN };
        var error = Assert.Throws<LowrankException>(() => AdapterFactory.Create([linear], options));
        Assert.Contains("rank 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("RankDropout 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModuleDropout NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALayerThatTheMethodCannotAdaptIsNamed()
    {
        var error = Assert.Throws<LowrankException>(() => AdapterFactory.Create([linear, norm], new LoraOptions(2)));
        Assert.Contains("unet.b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAdapterOfNothingIsRefused() =>
        Assert.StartsWith("no layer", Assert.Throws<LowrankException>(() => AdapterFactory.Create([], new LoraOptions(2))).Message);

    [Fact]
    public void TheSeedMakesTheAdapter()
    {
        using Adapter one = Made(3), same = Made(3), other = Made(4);
        Close.Same(one.Targets["unet.a"].Parts[0].Value, same.Targets["unet.a"].Parts[0].Value);
        Assert.False(one.Targets["unet.a"].Parts[0].Value.allclose(other.Targets["unet.a"].Parts[0].Value));

        static Adapter Made(ulong seed) => AdapterFactory.Create([linear], new LoraOptions(2), new Generator(seed));
    }

    [Fact]
    public void AScaleOverTheRootOfTheRankIsBakedIntoAlpha()
    {
        using var adapter = AdapterFactory.Create([linear], new LoraOptions(9, 3) { RankStabilized = true });
        Assert.Equal(3 / Math.Sqrt(9), ((Lora)adapter.Targets["unet.a"]).Scale, 1e-12);
        Assert.Equal(9f, adapter.Targets["unet.a"].Parts.Single(p => p.Part == "alpha").Value.ToSingle());
    }

    [Fact]
    public void WhatIsRefusedLeavesNoTensorBehind() => LeakGuard.NoTensorLeaks(() =>
        Assert.Throws<LowrankException>(() => AdapterFactory.Create([linear, norm], new LoraOptions(2))));
}
