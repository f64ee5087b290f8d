namespace Lowrank.Graphs;

/// <summary>A text, or one word of a list.</summary>
/// <param name="Value">The text.</param>
public sealed record TextValue(string Value) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Text;
}
