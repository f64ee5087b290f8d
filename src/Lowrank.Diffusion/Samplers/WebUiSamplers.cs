namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's samplers (1.10), and how it finds one: modules/sd_samplers*.py at 82a973c.</summary>
/// <remarks>
/// Its lookup takes whatever it is given; a user of Lowrank asks <see cref="Samplers.Named"/>, which refuses what it does not know.
/// </remarks>
public static class WebUiSamplers
{
    /// <summary>What stands for the schedule that a sampler prefers.</summary>
    public const string Automatic = "Automatic";

    const string SameSampler = "Use same sampler", SameSchedule = "Use same scheduler";

    /// <summary>The samplers in its order; the first is taken where a name is unknown.</summary>
    public static IReadOnlyList<WebUiSampler> All { get; } =
    [
        new("dpm++2m", "DPM++ 2M", "k_dpmpp_2m") { Schedule = "karras" },
        new("dpm++sde", "DPM++ SDE", "k_dpmpp_sde")
        {
            Schedule = "karras", IsSecondOrder = true, DrawsFromTree = true, Heeds = SamplerSettings.FreshNoise,
        },
        new("dpm++2m_sde", "DPM++ 2M SDE", "k_dpmpp_2m_sde")
        {
            Schedule = "exponential", DrawsFromTree = true, Heeds = SamplerSettings.FreshNoise,
        },
        new("dpm++2m_sde_heun", "DPM++ 2M SDE Heun", "k_dpmpp_2m_sde_heun")
        {
            Schedule = "exponential", DrawsFromTree = true, Solver = "heun", Heeds = SamplerSettings.FreshNoise,
        },
        new("dpm++2s_a", "DPM++ 2S a", "k_dpmpp_2s_a")
        {
            Schedule = "karras", UsesEnsd = true, IsSecondOrder = true, Heeds = SamplerSettings.FreshNoise,
        },
        new("dpm++3m_sde", "DPM++ 3M SDE", "k_dpmpp_3m_sde")
        {
            Schedule = "exponential", DiscardsPenultimate = true, DrawsFromTree = true, Heeds = SamplerSettings.FreshNoise,
        },
        new("euler_a", "Euler a", "k_euler_a", "k_euler_ancestral") { UsesEnsd = true, Heeds = SamplerSettings.Eta },
        new("euler", "Euler", "k_euler") { Heeds = SamplerSettings.Churn | SamplerSettings.NoiseScale },
        new("lms", "LMS", "k_lms"),
        new("heun", "Heun", "k_heun") { IsSecondOrder = true, Heeds = SamplerSettings.Churn | SamplerSettings.NoiseScale },
        new("dpm2", "DPM2", "k_dpm_2")
        {
            Schedule = "karras", DiscardsPenultimate = true, IsSecondOrder = true,
            Heeds = SamplerSettings.Churn | SamplerSettings.NoiseScale,
        },
        new("dpm2_a", "DPM2 a", "k_dpm_2_a")
        {
            Schedule = "karras", DiscardsPenultimate = true, UsesEnsd = true, IsSecondOrder = true, Heeds = SamplerSettings.FreshNoise,
        },
        new("dpm_fast", "DPM fast", "k_dpm_fast") { UsesEnsd = true, Heeds = SamplerSettings.FreshNoise },
        new("dpm_adaptive", "DPM adaptive", "k_dpm_ad") { UsesEnsd = true, Heeds = SamplerSettings.Eta },
        new("restart", "Restart", "restart") { Schedule = "karras", IsSecondOrder = true },
        new("ddim", "DDIM", "ddim") { IsOverTimesteps = true, Heeds = SamplerSettings.Eta },
        new("ddim_cfg++", "DDIM CFG++", "ddim_cfgpp") { IsOverTimesteps = true, Heeds = SamplerSettings.Eta },
        new("pndm", "PLMS", "plms") { IsOverTimesteps = true },
        new("unipc", "UniPC", "unipc") { IsOverTimesteps = true },
        new("lcm", "LCM", "k_lcm"),
    ];

    /// <summary>The sampler that a name stands for as AUTOMATIC1111 reads it: the first where it knows none.</summary>
    public static WebUiSampler Named(string label) => All.FirstOrDefault(sampler => sampler.Label == label) ?? All[0];

    /// <summary>
    /// The label of a sampler by its label or an alias in any letters, as grids, prompts in files and pasted texts look it up; null for
    /// none.
    /// </summary>
    public static string? LabelOf(string name) => All.LastOrDefault(sampler =>
        sampler.Aliases.Prepend(sampler.Label).Contains(name, StringComparer.OrdinalIgnoreCase))?.Label;

    /// <summary>Its aliases for one of <see cref="Samplers.All"/>.</summary>
    internal static IEnumerable<string> AliasesOf(string name) => All.Where(sampler => sampler.Name == name).SelectMany(one => one.Aliases);

    /// <summary>
    /// The labels of the sampler and the schedule that AUTOMATIC1111 takes for two names. An unknown sampler is the first; a schedule at
    /// the end of the sampler's name, one after the other as it lists them, wins over the schedule's own name; large letters count.
    /// </summary>
    /// <param name="sampler">The sampler's name; null or empty for none.</param>
    /// <param name="schedule">The schedule's; null for none.</param>
    /// <param name="asShown">
    /// Whether a schedule that the sampler prefers anyway is called "Automatic", as the page shows it; a job keeps it by its name.
    /// </param>
    public static (string Sampler, string Schedule) Resolve(string? sampler, string? schedule, bool asShown = false)
    {
        var (name, found) = Parted(sampler, schedule);
        var known = Named(name);
        bool isPreferred = asShown && known.Schedule == found.Name;
        return (known.Label, isPreferred ? Automatic : found.Label);
    }

    /// <summary>What of two names <see cref="Resolve"/> does not know, and that it takes another, a sentence each.</summary>
    /// <param name="sampler">The sampler's name; null or empty for none.</param>
    /// <param name="schedule">The schedule's; null or empty for none.</param>
    public static IEnumerable<string> NotKnown(string? sampler, string? schedule)
    {
        var (name, found) = Parted(sampler, schedule);
        var labels = All.Select(one => one.Label).ToList();
        if (!labels.Contains(name))
            yield return $"There is no sampler \"{name}\" ({NearestNames.Told(name, labels)}); " +
                $"{labels[0]} is taken, the first, as AUTOMATIC1111 does.";
        bool isKnown = string.IsNullOrEmpty(schedule) || WebUiSchedules.All.Any(one => one.Label == schedule || one.Name == schedule);
        if (!isKnown) yield return $"There is no schedule \"{schedule}\"; {found.Label} is taken, as AUTOMATIC1111 does.";
    }

    // The sampler's name without schedules at its end, and the schedule.
    static (string Sampler, WebUiSchedule Schedule) Parted(string? sampler, string? schedule)
    {
        string name = string.IsNullOrEmpty(sampler) ? All[0].Label : sampler;
        var found = WebUiSchedules.All.FirstOrDefault(one => one.Label == schedule || one.Name == schedule) ?? WebUiSchedules.All[0];
        foreach (var one in WebUiSchedules.All)
        {
            string? ending = one.Spellings.FirstOrDefault(spelling => name.EndsWith(" " + spelling, StringComparison.Ordinal));
            if (ending is null) continue;
            found = one;
            name = name[..^(ending.Length + 1)];
        }
        return (name, found);
    }

    /// <summary>The sampler and the schedule of the second pass that a picture's text asks for, as the page's fields show them.</summary>
    /// <param name="fields">The text's fields: "Sampler", "Schedule type", "Hires sampler", "Hires schedule type".</param>
    public static (string Sampler, string Schedule) ResolveHires(IReadOnlyDictionary<string, string> fields)
    {
        string? first = fields.GetValueOrDefault("Sampler"), firstSchedule = fields.GetValueOrDefault("Schedule type");
        string second = fields.GetValueOrDefault("Hires sampler", SameSampler);
        string secondSchedule = fields.GetValueOrDefault("Hires schedule type", SameSchedule);
        var (sampler, schedule) = Resolve(
            second == SameSampler ? first : second,
            secondSchedule == SameSchedule ? firstSchedule : secondSchedule,
            asShown: true);
        return (sampler == first ? SameSampler : sampler, schedule == firstSchedule ? SameSchedule : schedule);
    }
}
