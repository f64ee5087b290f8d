using Lowrank.Models;

namespace Lowrank.Diffusion.Tests;

public class ComfySigmasTests
{
    static readonly SigmaTable table = SigmaTable.Of(NoiseSchedule.From(new SchedulerConfig(), doubles: true));

    [Fact]
    public void KSamplerSpacesOneStepMoreForSomeSamplersAndDropsTheSigmaBeforeTheLast()
    {
        double[] seven = ComfySigmas.Of("normal", table, 7), six = ComfySigmas.ForKSampler("dpm_2", "normal", table, 6);
        Assert.Equal([.. seven[..6], 0], six);
        Assert.Equal(ComfySigmas.Of("normal", table, 6), ComfySigmas.ForKSampler("euler", "normal", table, 6));
    }

    [Fact]
    public void LessThanAllNoiseIsTheEndOfALongerSchedule()
    {
        Assert.Equal(ComfySigmas.Of("karras", table, 10)[^6..], ComfySigmas.Basic("karras", table, 5, 0.5));
        Assert.Empty(ComfySigmas.Basic("karras", table, 5, 0));
        Assert.Equal(ComfySigmas.Of("karras", table, 5), ComfySigmas.ForKSampler("euler", "karras", table, 5, 0.99995));
    }

    [Fact]
    public void AStretchEndsAtZeroIfAsked()
    {
        double[] sigmas = ComfySigmas.Of("simple", table, 8);
        Assert.Equal(sigmas[2..6], ComfySigmas.Between(sigmas, 2, 5, toZero: false)!);
        Assert.Equal([.. sigmas[2..5], 0], ComfySigmas.Between(sigmas, 2, 5, toZero: true)!);
        Assert.Equal(sigmas[2..], ComfySigmas.Between(sigmas, 2, 10000, toZero: true)!);
        Assert.Null(ComfySigmas.Between(sigmas, 5, 5, toZero: false));
    }

    [Fact]
    public void TurboBeginsWhereTheNoiseIsToBegin()
    {
        Assert.Equal([table.Sigmas[999], 0], ComfySigmas.Turbo(table, 1), (one, other) => Math.Abs(one - other) < 1e-5);
        Assert.Equal([table.Sigmas[499], table.Sigmas[399], 0], ComfySigmas.Turbo(table, 2, 0.5), (one, other) => Math.Abs(one - other) < 1e-5);
    }

    [Fact]
    public void TablesAreTakenAsTheyAreAndInterpolatedForMoreSteps()
    {
        Assert.Equal([14.6146412293, 6.4745760956], ComfySigmas.AlignYourSteps("SD1", 10).Take(2), (one, other) => Math.Abs(one - other) < 1e-5);
        Assert.Equal(21, ComfySigmas.AlignYourSteps("SVD", 20).Length);
        Assert.Equal([14.61464119, 7.49001646, 1.84880662, 0], ComfySigmas.Gits(0.85, 3), (one, other) => Math.Abs(one - other) < 1e-5);
        Assert.Equal(31, ComfySigmas.Gits(1.5, 30).Length);
        Assert.Equal(5, ComfySigmas.Gits(1.5, 8, 0.5).Length);
        Assert.Contains("1.20", Assert.Throws<LowrankException>(() => ComfySigmas.Gits(1.22, 8)).Message);
        Assert.Contains("SDXL", Assert.Throws<LowrankException>(() => ComfySigmas.AlignYourSteps("SD3", 8)).Message);
    }

    public static IEnumerable<TheoryDataRow<double, int>> Tables =>
        from coefficient in Enumerable.Range(0, 15).Select(i => 0.8 + i * 0.05)
        from steps in Enumerable.Range(2, 25)
        select new TheoryDataRow<double, int>(coefficient, steps);

    [Theory, MemberData(nameof(Tables))]
    public void TheTablesOfGitsOnlyFall(double coefficient, int steps)
    {
        double[] sigmas = ComfySigmas.Gits(coefficient, steps);
        Assert.Equal(steps + 1, sigmas.Length);
        Assert.All(sigmas.Zip(sigmas.Skip(1)), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void LaplaceStaysWithinItsBoundsAndDoesNotEndAtZero() =>
        Assert.All(ComfySigmas.Laplace(12, 14.6, 0.03, 0, 0.5), sigma => Assert.InRange(sigma, 0.03f, 14.6f));

    [Fact]
    public void AnotherNameIsToldWithTheNearest() =>
        Assert.Contains("sgm_uniform", Assert.Throws<LowrankException>(() => ComfySigmas.Of("sgm_unifrom", table, 5)).Message);
}
