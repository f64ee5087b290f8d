namespace Lowrank.Torch.Tests;

public class ConvolutionProductTests
{
    [Theory]
    [InlineData(1, 3, 3, 1, 1, 1, true)]
    [InlineData(1, 3, 3, 1, 1, 1, false)]
    [InlineData(3, 3, 3, 2, 1, 1, true)]
    [InlineData(2, 1, 3, 1, 0, 2, true)]
    [InlineData(2, 5, 2, 3, 2, 1, false)]
    [InlineData(3, 1, 1, 1, 0, 1, true)]
    [InlineData(2, 1, 1, 2, 0, 1, true)]
    public void EqualsTheConvolution(long batch, long high, long wide, long stride, long padding, long dilation, bool withBias) =>
        LeakGuard.NoTensorLeaks(() =>
        {
            var walk = new ConvolutionWalk([stride, stride], [padding, padding], [dilation, dilation], 1);
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                using var scope = NewDisposeScope();
                random.manual_seed(4);
                var (x, weight) = (randn(batch, 6, 7, 8).to(dtype), randn(10, 6, high, wide).to(dtype));
                var bias = withBias ? randn(10).to(dtype) : null;
                var exact = Gradients(x.to(ScalarType.Float64), leaf => nn.functional.conv2d(
                    leaf, weight.to(ScalarType.Float64), bias?.to(ScalarType.Float64), walk.Stride, walk.Padding, walk.Dilation));
                var got = Gradients(x, leaf => ConvolutionProduct.Convolve(leaf, weight, bias, walk));
                double tolerance = dtype == ScalarType.Float32 ? 1e-6 : 1.0 / 256;
                foreach (var (want, ours) in exact.Zip(got))
                {
                    Assert.Equal(want.shape, ours.shape);
                    double off = (ours.to(ScalarType.Float64) - want).norm().ToDouble(), size = want.norm().ToDouble();
                    Assert.True(off <= tolerance * size, $"{dtype}: off by {off / size:e2}");
                }
            }
        });

    [Theory]
    [InlineData(ScalarType.BFloat16, 1, 320, 320, 8, true)]
    [InlineData(ScalarType.BFloat16, 1, 320, 319, 8, false)]
    [InlineData(ScalarType.BFloat16, 2, 320, 320, 8, false)]
    [InlineData(ScalarType.Float32, 1, 1536, 1280, 8, true)]
    [InlineData(ScalarType.Float32, 1, 1280, 1280, 8, false)]   // a weight of 59 MB
    [InlineData(ScalarType.Float32, 2, 1536, 1280, 8, false)]
    [InlineData(ScalarType.Float64, 1, 1536, 1280, 4, false)]
    public void TheRoadIsChosenByShape(ScalarType dtype, long batch, long channels, long outputs, long size, bool product)
    {
        using var scope = NewDisposeScope();
        var walk = new ConvolutionWalk([1, 1], [1, 1], [1, 1], 1);
        var (x, weight) = (empty(batch, channels, size, size, dtype), empty(outputs, channels, 3, 3, dtype));
        bool can = dtype != ScalarType.BFloat16 || Processor.Current.MultipliesBFloat16;
        Assert.Equal(product && can, ConvolutionProduct.IsFaster(x, weight, null, walk));
        bool pointwise = ConvolutionProduct.IsFaster(x, weight[.., .., ..1, ..1], null, ConvolutionWalk.Pointwise(2));
        Assert.Equal(can && dtype == ScalarType.BFloat16, pointwise);
    }

    [Fact]
    public void WhatLibtorchTakesIsTakenAndWhatItRefusesIsRefusedInItsWords()
    {
        using var scope = NewDisposeScope();
        var walk = new ConvolutionWalk([1, 1], [1, 1], [1, 1], 1);
        var (x, weight) = (randn(1, 6, 4, 4).to(ScalarType.BFloat16), randn(320, 6, 3, 3).to(ScalarType.BFloat16));
        var lastChannels = weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Assert.Equal([1, 320, 4, 4], walk.Run(x, lastChannels, null).shape);
        Assert.Equal([0, 320, 4, 4], walk.Run(x[..0], weight, null).shape);
        Assert.Contains("channels", Assert.ThrowsAny<Exception>(() => walk.Run(x[.., ..5], weight, null)).Message);
        Assert.ThrowsAny<Exception>(() => walk.Run(x, weight, zeros(320)));
    }

    static Tensor[] Gradients(Tensor x, Func<Tensor, Tensor> run)
    {
        var leaf = x.detach().clone().requires_grad_();
        var answer = run(leaf);
        answer.backward([arange(answer.numel(), ScalarType.Float64).cos().view(answer.shape).to(answer.dtype)]);
        return [answer.detach(), leaf.grad!];
    }
}
