namespace Lowrank.Graphs;

/// <summary>A switch.</summary>
/// <param name="Value">On or off.</param>
public sealed record FlagValue(bool Value) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Flag;
}
