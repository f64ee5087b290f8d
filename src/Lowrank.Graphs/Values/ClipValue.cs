namespace Lowrank.Graphs;

/// <summary>Text encoders with what nodes changed in them. The base stays as it was loaded until it is asked.</summary>
/// <param name="Base">The loaded base.</param>
public sealed record ClipValue(GraphBase Base) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Clip;

    /// <summary>Changes of their weights, in order.</summary>
    public IReadOnlyList<WeightChange> Weights { get; init; } = [];

    /// <summary>The layer whose state is taken, counted from the end: -1 is the last; null is the model's usual one.</summary>
    public int? LastLayer { get; init; }

    /// <summary>Adapters that follow the steps; null is none.</summary>
    public ClipHooks? Hooks { get; init; }

    /// <summary>This with one change of weights more.</summary>
    public ClipValue With(WeightChange change) => this with { Weights = [.. Weights, change] };
}
