namespace Lowrank.Diffusion;

/// <summary>What comes of a dynamic prompt.</summary>
/// <param name="Prompts">The prompts.</param>
/// <param name="Missing">Wildcards that were asked for and have no values; prompts hold them as they were written.</param>
public sealed record DynamicOutcome(IReadOnlyList<string> Prompts, IReadOnlyList<string> Missing)
{
    /// <summary>
    /// What of the prompt is not done as it is written, a sentence each without its end: wildcards that lack, choices that ask for more
    /// than there are.
    /// </summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
