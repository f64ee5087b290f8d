namespace Lowrank.Diffusion;

/// <summary>One entry of <see cref="Samplers.All"/>.</summary>
/// <param name="Name">What a user types: "dpm++2m".</param>
/// <param name="Label">What AUTOMATIC1111 calls it, and writes into pictures: "DPM++ 2M".</param>
/// <param name="DefaultSchedule">Name of the schedule that goes with it when none is chosen.</param>
/// <param name="Create">Makes one with options.</param>
/// <param name="OtherNames">
/// Further names by which <see cref="Samplers.Named"/> finds it, beside those that the programs have for it.
/// </param>
public sealed record SamplerDescriptor(
    string Name,
    string Label,
    string DefaultSchedule,
    Func<SamplerOptions, Sampler> Create,
    params IReadOnlyList<string> OtherNames)
{
    /// <summary>The scheduler class of diffusers that does the same; null if there is none.</summary>
    public string? Scheduler { get; init; }

    /// <summary>Order of its steps where there is history enough.</summary>
    public int Order { get; init; } = 1;

    /// <summary>
    /// How often the network is asked for a step, the last one apart; 0 where the sampler takes as many steps as it likes.
    /// </summary>
    public int CallsPerStep { get; init; } = 1;

    /// <summary>Whether it draws fresh noise with its options at their defaults.</summary>
    public bool IsStochastic { get; init; }

    /// <summary>Whether AUTOMATIC1111 and ComfyUI draw its noise from a Brownian tree.</summary>
    public bool DrawsFromTree { get; init; }

    /// <summary>Whether it is made for bases and adapters that were distilled for it, with few steps.</summary>
    public bool IsForDistilled { get; init; }

    /// <summary>Options that it heeds.</summary>
    public SamplerSettings Heeds { get; init; }

    /// <summary>Whether it takes steps of its own, so that their number means nothing.</summary>
    public bool FindsItsSteps => CallsPerStep == 0;

    /// <summary>What AUTOMATIC1111 knows of it; null where it is not one of its samplers.</summary>
    public WebUiSampler? WebUi => WebUiSamplers.All.FirstOrDefault(sampler => sampler.Name == Name);

    /// <summary>ComfyUI's names for it; none where it has none.</summary>
    public IReadOnlyList<string> ComfyNames => ComfySamplers.NamesOf(Name);

    /// <summary>Options that it heeds, by the names that a user types.</summary>
    public IEnumerable<string> OptionNames =>
        SamplerOptionNames.All.Where(option => Heeds.HasFlag(option.Setting)).Select(option => option.Name);

    /// <summary>Options that are set and that it does not heed, by the names that a user types.</summary>
    public IReadOnlyList<string> NotHeeded(SamplerOptions options)
    {
        var given = SamplerOptionNames.All.Where(option => option.Get(options) is not null);
        return [.. given.Where(option => !Heeds.HasFlag(option.Setting)).Select(option => option.Name)];
    }
}
