namespace Lowrank.Diffusion.Tests;

public sealed class StrengthRuleTests
{
    [Theory]
    [InlineData(10, 0.6, 10, 4), InlineData(4, 1.0, 4, 0), InlineData(7, 0.5, 7, 4)]
    public void DiffusersWalkShareRoundedDown(int steps, double strength, int scheduled, int skipped) =>
        Assert.Equal((scheduled, skipped), StrengthRule.Share.Of(steps, strength));

    [Theory]
    [InlineData(6, 0.6, 6, 2), InlineData(4, 1.0, 4, 0), InlineData(4, 0.0, 4, 3)]
    public void WebUiWalksOneMoreAndOneAtLeast(int steps, double strength, int scheduled, int skipped)
    {
        var rule = StrengthSteps.OfShare(steps, strength);
        Assert.Equal((scheduled, skipped), (rule.ScheduleSteps, rule.First));
    }

    [Theory]
    [InlineData(4, 0.5, 8, 4), InlineData(4, 0.6, 6, 2), InlineData(4, 1.0, 4, 0)]
    public void HiresPassesWalkAsManyAsAsked(int steps, double strength, int scheduled, int skipped) =>
        Assert.Equal((scheduled, skipped), StrengthRule.Exact.Of(steps, strength));

    [Theory]
    [InlineData(5, 0.7, 7, 2), InlineData(5, 1.0, 5, 0)]
    public void ComfyLengthensTheSchedule(int steps, double strength, int scheduled, int skipped) =>
        Assert.Equal((scheduled, skipped), StrengthRule.Longer.Of(steps, strength));
}
