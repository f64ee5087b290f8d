namespace Lowrank.Torch.Tests.Kernels;

public class SoftmaxKernelTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    // One key, a part of a vector, two vectors and a part with one left over, whole ones; many rows for threads.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 16, 1), InlineData(7, 16, 1), InlineData(77, 96, 1), InlineData(128, 128, 3), InlineData(1000, 1024, 2)]
    public void IsAsNearToFloat64AsLibtorchs(int keys, int width, int threads)
    {
        foreach (double spread in new[] { 1.0, 30 })
        {
            using var scope = NewDisposeScope();
            random.manual_seed(1);
            const double Scale = 0.3;
            var scores = (randn(3, 97, width) * spread).to(ScalarType.BFloat16);
            var seen = scores[TensorIndex.Ellipsis, TensorIndex.Slice(0, keys)];
            var exact = (seen.to(ScalarType.Float64) * Scale).softmax(-1);
            double theirs = Off((seen.to(ScalarType.Float32) * Scale).softmax(-1).to(ScalarType.BFloat16));
            SoftmaxKernel.Run(scores, keys, Scale, threads);
            double ours = Off(seen);
            Assert.True(ours <= 1.01 * theirs, $"spread {spread}: off by {ours:e2}, libtorch's by {theirs:e2}");
            Assert.Equal(0, scores[TensorIndex.Ellipsis, TensorIndex.Slice(keys)].count_nonzero().ToInt64());

            double Off(Tensor y) => ((y.to(ScalarType.Float64) - exact).norm() / exact.norm()).ToDouble();
        }
    }

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void WhatIsNoNumberIsNotHidden()
    {
        using var scope = NewDisposeScope();
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
        {
            var scores = zeros(3, 32, ScalarType.BFloat16);
            scores[1, 20] = value;
            SoftmaxKernel.Run(scores, 30, 1, 1);
            Assert.True(scores[1, ..30].isnan().any().ToBoolean());
            Assert.True(scores[0].isfinite().all().ToBoolean() && scores[2].isfinite().all().ToBoolean());
        }
    }

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void WhatIsNotSeenHasNoShare()
    {
        using var scope = NewDisposeScope();
        var scores = zeros(1, 32, ScalarType.BFloat16);
        scores[0, ..8] = float.NegativeInfinity;
        SoftmaxKernel.Run(scores, 24, 1, 1);
        Assert.Equal(0, scores[0, ..8].count_nonzero().ToInt64());
        Assert.Equal(1.0 / 16, scores[0, 8].ToDouble());
    }
}
