namespace Lowrank.Graphs;

/// <summary>A number.</summary>
/// <param name="Value">The number.</param>
public sealed record NumberValue(double Value) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Number;
}
