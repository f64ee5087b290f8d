namespace Lowrank.Torch.Tests.Kernels;

public class CayleyKernelTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    // Sixteen at once: one, a whole group, one and a part, many for two threads. Small turns, and those near a half turn.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 4, 0.1), InlineData(16, 5, 1), InlineData(17, 10, 0.1), InlineData(600, 12, 3), InlineData(5, 31, 30), InlineData(3, 32, 1)]
    public void EqualsTheSolutionInFloat64(int count, int size, double scale) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var (x, g) = (randn(count, size, size) * scale, randn(count, size, size));
        foreach (bool ofDifference in new[] { true, false })
        {
            var input = ofDifference ? x : x - x.transpose(1, 2);
            var leaf = input.to(ScalarType.Float64).requires_grad_();
            var q = ofDifference ? leaf - leaf.transpose(1, 2) : leaf;
            var one = eye(size, dtype: ScalarType.Float64);
            var want = (one + q).matmul(linalg.inv(one - q));
            (want * g).sum().backward();

            Assert.True(CayleyKernel.Suits(input));
            var rotation = CayleyKernel.Transform(ofDifference ? input : input * 0.5);   // Q = (Q − Qᵀ) / 2
            Assert.True((rotation - want).abs().max().ToDouble() <= 1e-6, $"R is off by {(rotation - want).abs().max().ToDouble()}");
            // R + I nearly vanishes near a half turn, and the gradient with it: what R's rounding leaves is a share of ∂R.
            var off = (CayleyKernel.Gradient(rotation, g, ofDifference) - leaf.grad!).abs().max().ToDouble();
            Assert.True(off <= 1e-5 * (1 + leaf.grad!.abs().max().ToDouble()), $"the gradient is off by {off}");
        }
    });

    [Fact]
    public void WhatIsNoSquareIsRefusedAndWhatIsNotSkewIsSolvedWithPivots()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ShapeException>(() => CayleyTransform.Run(ones(3, 4)));
        Assert.Throws<ShapeException>(() => CayleyTransform.OfDifference(ones(2, 5, 4)));
        var q = eye(8).roll([1], [0]) + eye(8);   // I − Q has zeros on its diagonal
        var want = linalg.inv(eye(8) - q).matmul(eye(8) + q);
        Assert.True((CayleyTransform.Run(q) - want).abs().max().ToDouble() < 1e-5);
    }

    [Fact]
    public void OtherMatricesAreLeftToLibtorch()
    {
        using var scope = NewDisposeScope();
        Assert.False(CayleyKernel.Suits(ones(2, 8, 8, dtype: ScalarType.Float64)));
        Assert.False(CayleyKernel.Suits(ones([2, 8, 8], device: META)));
        Assert.False(CayleyKernel.Suits(ones(0, 8, 8)));
        Assert.False(CayleyKernel.Suits(ones(2, 3, 3)));
        Assert.False(CayleyKernel.Suits(ones(2, 33, 33)));
    }
}
