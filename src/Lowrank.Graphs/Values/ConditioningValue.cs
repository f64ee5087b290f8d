namespace Lowrank.Graphs;

/// <summary>What a denoising network is told on one side of guidance.</summary>
/// <param name="Conditions">One or more; where several hold at once, their predictions are averaged.</param>
public sealed record ConditioningValue(IReadOnlyList<Condition> Conditions) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Conditioning;

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Tensors => Conditions.SelectMany(condition => condition.Tensors);

    /// <summary>The same with every condition changed.</summary>
    public ConditioningValue Each(Func<Condition, Condition> change) => new([.. Conditions.Select(change)]);
}
