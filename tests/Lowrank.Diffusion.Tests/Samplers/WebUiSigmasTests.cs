using Lowrank.Models;

namespace Lowrank.Diffusion.Tests;

public class WebUiSigmasTests
{
    static readonly SigmaTable table = SigmaTable.Of(NoiseSchedule.From(new SchedulerConfig(), doubles: true));

    static WebUiSigmas Of(string sampler, string schedule, WebUiSigmaSettings settings) =>
        WebUiSigmas.Of(WebUiSamplers.Named(sampler), schedule, table, 8, settings);

    [Fact]
    public void SettingsAreFollowedAndWritten()
    {
        var got = Of("Euler", "Karras", new() { Min = 0.1, Max = 10, Rho = 5, AlwaysDiscardPenultimate = true });
        Assert.Equal(
            [("Discard penultimate sigma", "True"), ("Schedule type", "Karras"), ("Schedule min sigma", "0.1"), ("Schedule max sigma", "10.0"), ("Schedule rho", "5.0")],
            got.Text.Select(field => (field.Key, field.Value)));
        double[] nine = [.. Spread.Karras(10, 0.1, 9, 5)];
        Assert.Equal([.. nine[..8], 0], got.Sigmas, (one, other) => Math.Abs(one - other) < 1e-5);
    }

    [Fact]
    public void BetaHasItsParametersWrittenAlways()
    {
        var got = Of("Euler", "Beta", new() { Alpha = 0.5, Beta = 0.7 });
        Assert.Equal(["Schedule type", "Beta schedule alpha", "Beta schedule beta"], got.Text.Select(field => field.Key));
        Assert.Equal(["Beta", "0.5", "0.7"], got.Text.Select(field => field.Value));
    }

    [Fact]
    public void ASecondPassWritesItsScheduleWhereItIsAnother()
    {
        var second = new WebUiSigmaSettings { IsSecondPass = true, FirstPass = "Karras" };
        Assert.Empty(Of("Euler", "Karras", second).Text);
        Assert.Equal(("Hires schedule type", "Exponential"), Of("Euler", "Exponential", second).Text.Select(field => (field.Key, field.Value)).Single());
    }

    [Fact]
    public void LcmSpreadsOverTheTimestepsOfItsDistillation()
    {
        var got = Of("LCM", "Automatic", new());
        Assert.Equal(table.Sigmas[999], got.Sigmas[0], 1e-5);
        Assert.Equal(table.Sigmas[19], got.Sigmas[7], 1e-5);
    }
}
