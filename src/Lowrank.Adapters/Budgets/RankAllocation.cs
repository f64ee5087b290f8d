namespace Lowrank.Adapters;

/// <summary>
/// AdaLoRA's part of a training step: vectors are kept orthogonal by the loss, and the ranks that matter least are masked after the step.
/// </summary>
public sealed class RankAllocation : ITrainingRule, IDisposable
{
    readonly Adapter adapter;
    readonly double orthogonalWeight;
    readonly RankAllocator allocator;
    int left;

    /// <summary>For an adapter with AdaLoRA layers.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="budget">How ranks fall.</param>
    /// <param name="orthogonalWeight">Weight of <see cref="RankAllocator.OrthogonalityLoss"/> in the loss; 0 leaves it out.</param>
    /// <exception cref="LowrankException">A budget out of its range.</exception>
    public RankAllocation(Adapter adapter, RankBudget budget, double orthogonalWeight)
    {
        (this.adapter, this.orthogonalWeight) = (adapter, orthogonalWeight);
        allocator = new RankAllocator(adapter, budget);
        left = allocator.First;
    }

    /// <inheritdoc/>
    public Tensor? Loss() => orthogonalWeight > 0 ? orthogonalWeight * RankAllocator.OrthogonalityLoss(adapter) : null;

    /// <inheritdoc/>
    public void Stepped(int step) => left = allocator.Step(step + 1);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measures => new Dictionary<string, double> { ["adalora/ranks"] = left };

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> StateTensors() => allocator.State();

    /// <inheritdoc/>
    public void Dispose() => allocator.Dispose();
}
