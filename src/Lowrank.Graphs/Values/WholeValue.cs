using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>A whole number; seeds have 64 bits.</summary>
/// <param name="Value">The number.</param>
public sealed record WholeValue(BigInteger Value) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Whole;
}
