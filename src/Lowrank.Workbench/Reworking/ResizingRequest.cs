namespace Lowrank.Workbench;

/// <summary>An adapter that is to get another rank.</summary>
/// <param name="Input">An adapter of any method (file or PEFT folder).</param>
/// <param name="Output">The adapter to be written, a LoRA.</param>
/// <param name="Ranks">Which ranks layers get.</param>
public sealed record ResizingRequest(string Input, AdapterOutput Output, RankSettings Ranks) : IJobRequest
{
    /// <summary>The base model that it is for.</summary>
    public BaseModelChoice Base { get; init; } = new();

    /// <summary>Whether changes without factors are decomposed in full rather than by random projections.</summary>
    public bool FullSvd { get; init; }

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <inheritdoc/>
    public IEnumerable<string> Faults() => Ranks.Faults();

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Input = find(Input), Base = Base.Placed(find) };
}
