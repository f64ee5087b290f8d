namespace Lowrank.Diffusion;

/// <summary>A schedule as AUTOMATIC1111 (1.10) lists it.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Label">What it shows, and writes into pictures.</param>
/// <param name="Schedule">Its name in <see cref="Schedules.All"/>; null for the one that the sampler prefers.</param>
/// <param name="Rho">The ρ that it has unless one is set; null where it has none.</param>
/// <param name="NeedsTable">Whether it looks at the model's timesteps, rather than at the largest and smallest σ alone.</param>
/// <param name="Aliases">Further names at the end of a sampler's.</param>
public sealed record WebUiSchedule(
    string Name,
    string Label,
    string? Schedule,
    double? Rho = null,
    bool NeedsTable = false,
    params IReadOnlyList<string> Aliases)
{
    /// <summary>All words for it that may stand at the end of a sampler's name, in the order in which they are looked for.</summary>
    public IEnumerable<string> Spellings => [Label, Name, .. Aliases];
}
