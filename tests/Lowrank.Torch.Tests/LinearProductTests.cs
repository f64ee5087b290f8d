namespace Lowrank.Torch.Tests;

public class LinearProductTests
{
    [Theory]
    [InlineData(128, 256, 128, true)]
    [InlineData(308, 160, 96, false)]    // 22 pictures of 14
    [InlineData(1024, 64, 64, true)]
    [InlineData(137, 256, 256, true)]    // a prime number of tokens, and
    [InlineData(64, 512, 512, false)]    // few of them: as libtorch does it
    public void EqualsTheFormulaThereAndBack(long tokens, long from, long to, bool withBias) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var (x, weight, g) = (randn(1, tokens, from).requires_grad_(), randn(to, from).requires_grad_(), randn(1, tokens, to));
        var bias = withBias ? randn(to).requires_grad_() : null;
        var answer = LinearProduct.Run(x, weight, bias);
        answer.backward([g]);
        var (exactX, exactWeight, exactG) = (x.detach().to(ScalarType.Float64), weight.detach().to(ScalarType.Float64), g.to(ScalarType.Float64)[0]);
        var formula = exactX[0].mm(exactWeight.t());
        AssertNear(bias is null ? formula : formula + bias.detach().to(ScalarType.Float64), answer[0]);
        AssertNear(exactG.mm(exactWeight), x.grad![0]);
        AssertNear(exactG.t().mm(exactX[0]), weight.grad!);
        if (bias is not null) AssertNear(exactG.sum(dim: 0), bias.grad!);
        AssertNear(exactG.mm(exactWeight), LinearProduct.Back(g[0], weight.detach()));
    });

    [Fact]
    public void TokensThatDoNotLieTogetherGiveTheSame()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn(256, 1024).t()[..512], randn(64, 256));
        Assert.True(LinearProduct.Run(x.contiguous(), weight, null).equal(LinearProduct.Run(x, weight, null)).all().ToBoolean());
    }

    [Theory]
    [InlineData(128, 256, 128, 16)]
    [InlineData(308, 160, 96, 22)]
    [InlineData(128, 128, 128, 0)]       // too little to do
    [InlineData(127, 512, 512, 0)]       // too few tokens
    [InlineData(131, 512, 512, 0)]       // no pictures of them
    [InlineData(128, 8192, 4096, 0)]     // a weight of 128 MB
    [InlineData(128, 0, 64, 0)]          // nothing to multiply
    public void TheRoadIsChosenByShape(long tokens, long from, long to, long pictures)
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (empty(tokens, from), empty(to, from));
        Assert.Equal(Processor.Current.LeavesFloat32ToAvx2 ? pictures : 0, LinearProduct.Pictures(x, weight));
        Assert.Equal(0, LinearProduct.Pictures(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16)));
        Assert.Equal(0, LinearProduct.Pictures(x, empty(from, to).t()));
    }

    static void AssertNear(Tensor want, Tensor got)
    {
        double off = (got.to(ScalarType.Float64) - want).norm().ToDouble(), size = want.norm().ToDouble();
        Assert.True(off <= 1e-6 * size, $"off by {off / size:e2}");
    }

    // Each row's last token, as of a batch of prompts.
    [Theory, InlineData(ScalarType.Float32), InlineData(ScalarType.BFloat16)]
    public void ACutBatchIsMultipliedAsItsCopy(ScalarType dtype) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (int rows in new[] { 3, 20 })
        {
            var (whole, weight, bias) = (randn(rows, 5, 48).to(dtype), randn(70, 48).to(dtype), randn(70).to(dtype));
            var cut = whole.narrow(1, 4, 1);
            Assert.False(cut.is_contiguous());
            using var layer = new Linear(48, 70);
            Assert.Equal(0, (layer.Run(cut, weight, bias) - layer.Run(cut.contiguous(), weight, bias)).abs().max().ToDouble());
        }
    });
}
