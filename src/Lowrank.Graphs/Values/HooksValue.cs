namespace Lowrank.Graphs;

/// <summary>Adapters that follow the steps.</summary>
/// <param name="Hooks">In the order in which they act.</param>
public sealed record HooksValue(IReadOnlyList<Hook> Hooks) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Hooks;
}
