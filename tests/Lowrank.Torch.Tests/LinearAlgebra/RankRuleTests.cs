namespace Lowrank.Torch.Tests;

/// <summary>How many singular values each rule keeps.</summary>
public class RankRuleTests
{
    static readonly double[] values = [8, 4, 2, 1, 0.5];
    static readonly Spectrum known = Spectrum.Complete(values, 5);

    [Theory]
    [InlineData("fixed", 3, 3), InlineData("fixed", 9, 5), InlineData("threshold", 1.5, 3), InlineData("threshold", 100, 1), InlineData("ratio", 0.2, 3)]
    [InlineData("quantile", 0.7, 1), InlineData("quantile", 0.8, 2), InlineData("energy", 0.75, 1), InlineData("energy", 0.76, 2), InlineData("energy", 1, 5)]
    // kohya's are one larger than they say, and never below 2.
    [InlineData("sv_ratio", 3, 3), InlineData("sv_ratio", 1, 2), InlineData("sv_fro", 0.8, 2), InlineData("sv_fro", 0.9, 3), InlineData("sv_cumulative", 0.5, 2), InlineData("sv_cumulative", 0.6, 3)]
    public void ARuleKeeps(string rule, double parameter, int rank) => Assert.Equal(rank, RankRule.Named(rule, parameter).Choose(known));

    [Theory]
    [InlineData("threshold", 100, true), InlineData("threshold", 7, false), InlineData("ratio", 1, true), InlineData("fixed", 1, false), InlineData("sv_ratio", 0.5, false)]
    public void ARuleTellsWhereItKeepsNone(string rule, double parameter, bool none) => Assert.Equal(none, RankRule.Named(rule, parameter).KeepsNone(known));

    [Fact]
    public void OfAMatrixOfZerosThereIsNothingToKeep() => Assert.False(RankRule.Threshold(1).KeepsNone(Spectrum.Complete([0, 0], 5)));

    [Fact]
    public void ALimitHolds() => Assert.Equal(2, (RankRule.Energy(1) with { Most = 2 }).Choose(known));

    [Fact]
    public void AMatrixOfZerosKeepsOne() => Assert.Equal(1, RankRule.Fixed(4).Choose(Spectrum.Complete([0, 0], 5)));

    [Fact]
    public void WhereMoreValuesMatterARuleSaysSo()
    {
        var part = new Spectrum([8, 4], 5, known.Energy);
        Assert.Null(RankRule.Threshold(1).Choose(part));
        Assert.Null(RankRule.Quantile(0.1).Choose(part));
        Assert.Null((RankRule.Quantile(0.1) with { Most = 2 }).Choose(part));
        Assert.Equal(2, (RankRule.Threshold(1) with { Most = 2 }).Choose(part));
        Assert.Equal(1, RankRule.Threshold(5).Choose(part));
        Assert.Equal(2, RankRule.Energy(0.8).Choose(part));
    }

    [Fact]
    public void AnUnknownRuleIsToldWithTheKnownOnes() =>
        Assert.Contains("sv_ratio", Assert.Throws<LowrankException>(() => RankRule.Named("sv_ration", 1)).Message, StringComparison.Ordinal);

    [Theory, InlineData("fixed", 0), InlineData("energy", 1.1), InlineData("ratio", -1), InlineData("threshold", double.NaN)]
    public void ANumberOutOfItsRangeIsRefused(string rule, double parameter) =>
        Assert.Contains("was given", Assert.Throws<LowrankException>(() => RankRule.Named(rule, parameter)).Message, StringComparison.Ordinal);
}
