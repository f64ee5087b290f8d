namespace Lowrank.Training.Tests;

public class AdvantagesTests
{
    static AdvantageResult Of(int size, AdvantageOptions? options, params double?[] rewards) => Advantages.Of([rewards], size, options);

    [Fact]
    public void AnAnswerIsComparedWithItsGroup()
    {
        var got = Of(2, new() { Scaling = "none" }, 0, 1, 5, 3).Advantages;
        Assert.Equal([-0.5, 0.5, 1, -1], got);
    }

    [Fact]
    public void LeavingOneOutComparesWithTheOthers() =>
        Assert.Equal([-3, 1.5, 1.5], Of(3, new() { LeavesOneOut = true }, 0, 3, 3).Advantages);

    [Fact]
    public void AGroupOfEqualRewardsTeachesNothingAndIsCounted()
    {
        var got = Of(2, null, 1, 1, 0, 1);
        Assert.Equal([0, 0], got.Advantages.Take(2));
        Assert.Equal(1, got.EqualGroups);
        Assert.Equal(0.5, got.Metrics["frac_reward_zero_std"]);
    }

    [Fact]
    public void WhatNobodyScoredIsCountedAndTeachesNothing()
    {
        var got = Of(3, new() { Scaling = "none" }, null, 1, 3);
        Assert.Equal([0, -1, 1], got.Advantages);
        Assert.Equal(1, got.Unscored);
    }

    [Theory, InlineData(2, "3 answers are no groups of 2"), InlineData(1, "no groups of 1")]
    public void GroupsHaveTwoAnswersOrMoreAndOneSize(int size, string told)
    {
        var error = Assert.Throws<LowrankException>(() => Of(size, null, 1, 2, 3));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARewardThatIsNoNumberIsRefused() =>
        Assert.Contains("no number", Assert.Throws<LowrankException>(() => Of(2, null, double.NaN, 1)).Message, StringComparison.Ordinal);
}
