namespace Lowrank.Adapters.Tests;

public sealed class LoraTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Target conv = new("unet.c", LayerKind.Conv2d, [6, 4, 3, 3], new ConvolutionWalk([1, 1], [1, 1], [1, 1], 1));
    readonly Target pointwise = new("unet.p", LayerKind.Conv2d, [6, 4, 1, 1], new ConvolutionWalk([1, 1], [0, 0], [1, 1], 1));
    readonly Target linear = new("unet.l", LayerKind.Linear, [6, 4]);

    public void Dispose() => scope.Dispose();

    // The formula, element by element.
    [Fact]
    public void TheChangeOfACoreIsTheSumOverBothRanks()
    {
        using var lora = new Lora(conv, randn(2, 4, 1, 1), randn(6, 2, 1, 1), randn(2, 2, 3, 3), alpha: 3);
        var (down, up, mid) = (lora.Parts[0].Value, lora.Parts[1].Value, lora.Parts[2].Value);
        var want = zeros(6, 4, 3, 3);
        for (int p = 0; p < 2; p++)
            for (int q = 0; q < 2; q++)
                want = want + 0.7 * 3 / 2 * up[.., p].view(6, 1, 1, 1) * mid[p, q].view(1, 1, 3, 3) * down[q].view(1, 4, 1, 1);
        Close.Equal(want, conv.FromMatrix(lora.Apply(zeros(6, 36), 0.7)));
    }

    // Some writers leave out the ones of a pointwise convolution, and some write them for a linear layer.
    [Fact]
    public void TrailingOnesDoNotMatter()
    {
        Tensor down = randn(2, 4), up = randn(6, 2);
        using var plain = new Lora(linear, down, up);
        (Target, Tensor, Tensor)[] others = [
            (pointwise, down, up), (linear, down.view(2, 4, 1, 1), up.view(6, 2, 1, 1)), (pointwise, down.view(2, 4, 1, 1), up),
        ];
        foreach (var (target, otherDown, otherUp) in others)
        {
            using var lora = new Lora(target, otherDown, otherUp);
            Close.Same(plain.Apply(ones(6, 4), 1), lora.Apply(ones(6, 4), 1));
        }
    }

    [Fact]
    public void HalfPrecisionFactorsAreRaisedBeforeTheyAreMultiplied()
    {
        using var lora = new Lora(linear, full([1, 4], 1000).to(ScalarType.Float16), full([6, 1], 1000).to(ScalarType.Float16));
        Assert.Equal(1e6, lora.Apply(zeros(6, 4), 1).max().ToDouble());
    }

    [Theory]
    [InlineData(new long[] { 2, 5 }, new long[] { 6, 2 }, "takes 4 inputs")]
    [InlineData(new long[] { 2, 4 }, new long[] { 7, 2 }, "gives 6 outputs")]
    [InlineData(new long[] { 2, 4 }, new long[] { 6, 3 }, "rank")]
    [InlineData(new long[] { 0, 4 }, new long[] { 6, 0 }, "rank 0")]
    [InlineData(new long[] { 4 }, new long[] { 6 }, "no matrices")]
    public void FactorsThatDoNotFitAreRefusedWithShapesAndPlace(long[] down, long[] up, string told)
    {
        var error = Assert.Throws<LowrankException>(() => new Lora(linear, ones(down), ones(up)));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Contains("unet.l", error.Message, StringComparison.Ordinal);
        Assert.Contains($"({string.Join(", ", down)})", error.Message, StringComparison.Ordinal);
    }
}
