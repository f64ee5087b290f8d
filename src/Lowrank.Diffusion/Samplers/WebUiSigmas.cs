using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>The sigmas that a sampler of AUTOMATIC1111 (1.10) is given, and what it writes of them into the picture's text.</summary>
/// <remarks>KDiffusionSampler.get_sigmas and CompVisSampler.get_timesteps in modules/sd_samplers_*.py at 82a973c.</remarks>
/// <param name="Sigmas">n+1 of them, rounded to float32.</param>
/// <param name="Text">Names and values, in the order in which they are written.</param>
public sealed record WebUiSigmas(IReadOnlyList<double> Sigmas, IReadOnlyList<KeyValuePair<string, string>> Text)
{
    const double OldMin = 0.1, OldMax = 10;

    /// <summary>The sigmas of so many steps.</summary>
    /// <param name="sampler">One over sigmas.</param>
    /// <param name="schedule">The schedule's label or name; what is unknown is the uniform one.</param>
    /// <param name="table">σ of the model's timesteps.</param>
    /// <param name="steps">How many steps are asked for.</param>
    /// <param name="settings">Settings; null for its defaults.</param>
    public static WebUiSigmas Of(WebUiSampler sampler, string schedule, SigmaTable table, int steps, WebUiSigmaSettings? settings = null)
    {
        settings ??= new();
        var text = new List<KeyValuePair<string, string>>();
        bool discards = Discards(sampler, settings, text);
        string? name = schedule == WebUiSamplers.Automatic || schedule.Length == 0 ? sampler.Schedule : schedule;
        var found = WebUiSchedules.All.FirstOrDefault(one => one.Label == name || one.Name == name);
        var range = new SigmaRange(sampler.Name == "lcm" ? DistilledTimesteps.Table(table) : table);
        if (found?.Schedule is not null) range = Ranged(range, found, settings, text);

        string ours = found?.Schedule ?? "uniform";
        if (ours == "align_your_steps" && settings.IsSdxl) ours = "align_your_steps_sdxl";
        double[] sigmas = ((SigmaSchedule)Schedules.Named(ours)).Sigmas(range, discards ? steps + 1 : steps);
        if (discards) sigmas = [.. sigmas.SkipLast(2), sigmas[^1]];
        return new([.. sigmas.Select(sigma => (double)(float)sigma)], text);
    }

    /// <summary>The timesteps of DDIM, PLMS and UniPC, rising.</summary>
    /// <param name="sampler">One over timesteps.</param>
    /// <param name="levels">Number of the model's timesteps.</param>
    /// <param name="steps">How many steps are asked for.</param>
    /// <param name="settings">Settings; null for its defaults.</param>
    public static IReadOnlyList<int> Timesteps(WebUiSampler sampler, int levels, int steps, WebUiSigmaSettings? settings = null) =>
        WebUiTimestepSchedule.Rising(levels, Discards(sampler, settings ?? new(), []) ? steps + 1 : steps);

    static bool Discards(WebUiSampler sampler, WebUiSigmaSettings settings, List<KeyValuePair<string, string>> text)
    {
        if (sampler.DiscardsPenultimate) return true;
        if (settings.AlwaysDiscardPenultimate) text.Add(new("Discard penultimate sigma", "True"));
        return settings.AlwaysDiscardPenultimate;
    }

    static SigmaRange Ranged(SigmaRange model, WebUiSchedule schedule, WebUiSigmaSettings settings, List<KeyValuePair<string, string>> text)
    {
        var range = settings.OldKarrasBounds ? model with { Min = OldMin, Max = OldMax } : model;
        if (!settings.IsSecondPass) text.Add(new("Schedule type", schedule.Label));
        else if (schedule.Label != settings.FirstPass) text.Add(new("Hires schedule type", schedule.Label));

        if (settings.Min != 0 && settings.Min != model.Min)
        {
            range = range with { Min = settings.Min };
            text.Add(new("Schedule min sigma", Number(settings.Min)));
        }
        if (settings.Max != 0 && settings.Max != model.Max)
        {
            range = range with { Max = settings.Max };
            text.Add(new("Schedule max sigma", Number(settings.Max)));
        }
        if (schedule.Rho is { } usual && settings.Rho != 0 && settings.Rho != usual)
        {
            range = range with { Rho = settings.Rho };
            text.Add(new("Schedule rho", Number(settings.Rho)));
        }
        if (schedule.Name != "beta") return range;
        text.Add(new("Beta schedule alpha", Number(settings.Alpha)));
        text.Add(new("Beta schedule beta", Number(settings.Beta)));
        return range with { Alpha = settings.Alpha, Beta = settings.Beta };
    }

    // As Python writes a float.
    static string Number(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) || text.Contains('E', StringComparison.Ordinal) ? text : text + ".0";
    }
}
