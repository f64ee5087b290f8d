using Lowrank.Models;

namespace Lowrank.Diffusion.Tests;

public sealed class ScheduleTests
{
    static readonly NoiseSchedule noise = NoiseSchedule.From(new SchedulerConfig(), doubles: true);

    public static IEnumerable<TheoryDataRow<string>> Names => Schedules.All.Select(s => new TheoryDataRow<string>(s.Name));

    [Theory, MemberData(nameof(Names))]
    public void NoiseOnlyFalls(string name)
    {
        foreach (int steps in new[] { 2, 5, 20, 50, 333 })
        {
            var plan = Schedules.Named(name).Plan(noise, steps);
            var visited = plan.Steps.Where((_, i) => !(plan.RepeatsSecond && i == 1)).ToList();
            Assert.All(visited, s => Assert.True(s.From.Ratio > s.To.Ratio));
            Assert.All(visited.Zip(visited.Skip(1)), pair => Assert.True(pair.First.From.Ratio > pair.Second.From.Ratio));
            Assert.All(plan.Steps, s => Assert.InRange(s.From.Timestep, 0, 999));
        }
    }

    [Fact]
    public void KarrasStepsAreThePublishedOnes()
    {
        double[] want = [14.6146, 9.1029, 5.4784, 3.1686, 1.7494, 0.9141, 0.4469, 0.2014, 0.0819, 0.0292, 0];
        var got = Schedules.Named("karras").Plan(noise, 10).Sigmas.ToArray();
        Assert.All(want.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void LeadingTimestepsWithOffsetAreThePublishedOnes() =>
        Assert.Equal([951, 901, 851, 801], Schedules.Named("timesteps").Plan(noise, 20).Steps.Take(4).Select(s => (int)s.From.Timestep));

    [Theory, MemberData(nameof(Names))]
    public void TooFewAndTooManyStepsAreRefused(string name)
    {
        Assert.Throws<LowrankException>(() => Schedules.Named(name).Plan(noise, 0));
        Assert.Contains("1000", Assert.Throws<LowrankException>(() => Schedules.Named(name).Plan(noise, 1001)).Message);
    }

    [Theory]
    [InlineData(0.6, 0.6, 0.3)]
    [InlineData(2, 5, 0.9)]
    [InlineData(1, 1, 0.25)]
    public void AQuantileOfTheBetaDistributionHasItsShareBelowIt(double alpha, double beta, double share) =>
        Assert.Equal(share, BetaDistribution.Cumulative(BetaDistribution.Quantile(share, alpha, beta), alpha, beta), 1e-12);

    [Fact]
    public void ASigmaAndItsTimestepLeadToEachOther()
    {
        var table = SigmaTable.Of(noise);
        foreach (double t in new[] { 0, 0.5, 10.25, 499.5, 998.75, 999 }) Assert.Equal(t, table.Timestep(table.AtTimestep(t)), 1e-3);
        Assert.Equal(999, table.Timestep(1e6));
        Assert.Equal(0, table.Timestep(0));
        Assert.Equal(500, table.NearestTimestep(table.Sigmas[500] * 1.0001));
    }

    [Fact]
    public void ASchedulerThatIsNotDoneSaysWhatToDoInstead()
    {
        var error = Assert.Throws<LowrankException>(() => Schedulers.Create(new SchedulerConfig { ClassName = "VQDiffusionScheduler" }, 4));
        Assert.Contains("VQDiffusionScheduler", error.Message);
        Assert.Contains("dpm++2m", error.Message);
    }
}
