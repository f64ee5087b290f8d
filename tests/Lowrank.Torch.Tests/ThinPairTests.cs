namespace Lowrank.Torch.Tests;

/// <summary>A pair of thin factors gives the same answer by its own pass and by libtorch's products.</summary>
public class ThinPairTests
{
    static ThinPair Pair(Tensor down, Tensor up, ConvolutionWalk? walk, bool isPointwise = true) =>
        new(() => (down, up), down.shape[0], ScalarType.Float32, walk, isPointwise);

    [Theory, InlineData(true), InlineData(false)]
    public void ALinearLayersAnswerGetsTheProduct(bool overwrites) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (x, down, up) = (randn(2, 3, 37), randn(4, 37), randn(35, 4));
        using var pair = Pair(down, up, null);
        Check(pair, randn(2, 3, 35), x, overwrites, x.matmul(down.t()).matmul(up.t()));
        Check(pair, randn(3, 2, 35), x.transpose(0, 1), overwrites, x.transpose(0, 1).matmul(down.t()).matmul(up.t()));
    });

    [Theory, InlineData(1, 0, true), InlineData(2, 0, true), InlineData(1, 1, false)]
    public void AConvolutionsAnswerGetsIt(int stride, int padding, bool isPointwise) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var walk = new ConvolutionWalk([stride, stride], [padding, padding], [1, 1], 1);
        long kernel = isPointwise ? 1 : 3;
        var (x, down, up) = (randn(2, 19, 8, 6), randn(4, 19, kernel, kernel), randn(35, 4));
        using var pair = Pair(down, up, walk, isPointwise);
        var branch = walk.Run(x, up.matmul(down.view(4, -1)).view(35, 19, kernel, kernel), null);
        Check(pair, randn_like(branch), x, true, branch);
        Check(pair, randn_like(branch.permute(0, 2, 3, 1)).contiguous().permute(0, 3, 1, 2), x, true, branch);
    });

    static void Check(ThinPair pair, Tensor answer, Tensor x, bool overwrites, Tensor branch)
    {
        var (want, before) = (answer + branch, answer.clone());
        Assert.True(pair.Added(answer.clone(), x, true).allclose(want, 1e-4, 1e-4));
        using (OwnRoads.Close()) Assert.True(pair.Added(answer.clone(), x, true).allclose(want, 1e-4, 1e-4));
        pair.Added(answer, x, overwrites);
        if (!overwrites) Assert.True(answer.equal(before).all().ToBoolean());
    }

    [Fact]
    public void WhatDoesNotFitIsAnError()
    {
        using var scope = NewDisposeScope();
        using var pair = Pair(randn(4, 37), randn(35, 4), null);
        Assert.ThrowsAny<Exception>(() => pair.Added(randn(2, 35), randn(2, 36), true));
    }
}
