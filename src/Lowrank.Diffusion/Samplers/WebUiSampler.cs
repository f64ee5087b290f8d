namespace Lowrank.Diffusion;

/// <summary>A sampler as AUTOMATIC1111 (1.10) lists it.</summary>
/// <param name="Name">Its name in <see cref="Samplers.All"/>.</param>
/// <param name="Label">Its own name for it.</param>
/// <param name="Aliases">Names that its grids and prompt files understand.</param>
public sealed record WebUiSampler(string Name, string Label, params IReadOnlyList<string> Aliases)
{
    /// <summary>Name of the schedule that "Automatic" stands for; null for the uniform one.</summary>
    public string? Schedule { get; init; }

    /// <summary>Whether one step more is spaced, and the σ before the last dropped.</summary>
    public bool DiscardsPenultimate { get; init; }

    /// <summary>Whether the network is asked twice a step, which prompt edits and the progress count.</summary>
    public bool IsSecondOrder { get; init; }

    /// <summary>Whether the generators are renewed by the "eta noise seed delta" after the first draw.</summary>
    public bool UsesEnsd { get; init; }

    /// <summary>The same with a share of fresh noise: without any there is no draw that the delta could change.</summary>
    /// <param name="eta">The share; null is the usual one.</param>
    public bool UsesEnsdWith(double? eta) => UsesEnsd && eta != 0;

    /// <summary>Whether its noise comes from a Brownian tree.</summary>
    public bool DrawsFromTree { get; init; }

    /// <summary>The solver type, where one is set: "heun".</summary>
    public string? Solver { get; init; }

    /// <summary>Whether it walks down timesteps (DDIM and its like) rather than sigmas.</summary>
    public bool IsOverTimesteps { get; init; }

    /// <summary>Which of the options for sigma churn and noise it is given.</summary>
    public SamplerSettings Heeds { get; init; }
}
