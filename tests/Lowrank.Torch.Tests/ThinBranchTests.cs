namespace Lowrank.Torch.Tests;

/// <summary>Thin factors beside a layer, added to its answer.</summary>
public class ThinBranchTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void ALinearLayersAnswerGetsTheProduct(bool overwrites) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (x, down, up, answer) = (randn(2, 3, 7), randn(4, 7), randn(5, 4), randn(2, 3, 5));
        var want = answer + x.matmul(down.t()).matmul(up.t());
        var before = answer.clone();
        var got = ThinBranch.Added(answer, x, down, up, overwrites);
        Assert.True(got.allclose(want, 1e-5, 1e-5));
        Assert.Equal(overwrites, got.allclose(answer));
        Assert.Equal(!overwrites, answer.allclose(before));
    });

    [Theory, InlineData(true, true), InlineData(true, false), InlineData(false, true)]
    public void AConvolutionsAnswerGetsThatOfTheFactors(bool overwrites, bool contiguous) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var walk = new ConvolutionWalk([2, 1], [1, 1], [1, 1], 1);
        var (x, down, up) = (randn(2, 3, 7, 6), randn(4, 3, 3, 3), randn(5, 4));
        var answer = contiguous ? randn(2, 5, 4, 6) : randn(2, 4, 6, 5).permute(0, 3, 1, 2);
        var want = answer + walk.Run(x, up.matmul(down.view(4, -1)).view(5, 3, 3, 3), null);
        Assert.True(ThinBranch.Added(answer, x, walk, down, up, overwrites).allclose(want, 1e-4, 1e-4));
    });
}
