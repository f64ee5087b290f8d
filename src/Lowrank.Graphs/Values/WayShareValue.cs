namespace Lowrank.Graphs;

/// <summary>A stretch of the way from noise to picture.</summary>
/// <param name="Share">The stretch.</param>
public sealed record WayShareValue(WayShare Share) : GraphValue
{
    /// <summary>ComfyUI's name of the type.</summary>
    public const string Name = "TIMESTEPS_RANGE";

    /// <inheritdoc/>
    public override string Type => Name;
}
