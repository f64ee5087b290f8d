namespace Lowrank.Diffusion.Tests;

public class SigmaListsTests
{
    static readonly double[] sigmas = [14, 7, 3, 1, 0];

    [Fact]
    public void TheSigmaOfASplitBelongsToBothParts()
    {
        var (high, low) = SigmaLists.Split(sigmas, 2);
        Assert.Equal([14, 7, 3], high);
        Assert.Equal([3, 1, 0], low);
        var (whole, none) = SigmaLists.Split(sigmas, 9);
        Assert.Equal(sigmas, whole);
        Assert.Empty(none);
    }

    [Theory]
    [InlineData(0.5, 3, 3)]
    [InlineData(0.6, 3, 3)]
    [InlineData(0.375, 3, 3)]
    [InlineData(1, 1, 5)]
    [InlineData(0, 0, 1)]
    public void AShareIsRoundedToSteps(double share, int high, int low)
    {
        var (one, other) = SigmaLists.SplitShare(sigmas, share);
        Assert.Equal((high, low), (one.Length, other.Length));
    }

    [Fact]
    public void ATurnedListBeginsALittleAboveZero()
    {
        Assert.Equal([0.0001, 1, 3, 7, 14], SigmaLists.Flip(sigmas));
        Assert.Equal([3, 7], SigmaLists.Flip([7, 3]));
        Assert.Empty(SigmaLists.Flip([]));
    }

    [Fact]
    public void TheFirstSigmaCanBeSetIfThereIsOne()
    {
        Assert.Equal([20, 7, 3, 1, 0], SigmaLists.SetFirst(sigmas, 20));
        Assert.Contains("empty", Assert.Throws<LowrankException>(() => SigmaLists.SetFirst([], 1)).Message);
    }

    [Fact]
    public void OnlyStepsThatBeginWithinTheBoundsAreDivided()
    {
        Assert.Equal([14, 7, 5, 3, 2, 1, 0], SigmaLists.Extend(sigmas, 2, 10, 2, "linear"));
        Assert.Equal([14, 10.5, 7, 3, 1, 0], SigmaLists.Extend(sigmas, 2, -1, 10, "linear"));
        double cosine = SigmaLists.Extend(sigmas, 2, -1, 10, "cosine")[1], sine = SigmaLists.Extend(sigmas, 2, -1, 10, "sine")[1];
        Assert.Equal(14 - 7 * Math.Sqrt(0.5), cosine, 1e-12);
        Assert.Equal(7 + 7 * Math.Sqrt(0.5), sine, 1e-12);
        Assert.Contains("cosine", Assert.Throws<LowrankException>(() => SigmaLists.Extend(sigmas, 2, -1, 1, "cubic")).Message);
    }
}
