namespace Lowrank.Training;

/// <summary>AdaLoRA's part of a training step: vectors are kept orthogonal by the loss, and the ranks that matter least are masked after the step.</summary>
public sealed class RankAllocation : ITrainingRule, IDisposable
{
    readonly Adapter adapter;
    readonly AdaLoraOptions options;
    readonly RankAllocator allocator;
    int left;

    /// <summary>For an adapter with AdaLoRA layers.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="options">How ranks fall.</param>
    /// <param name="steps">Steps of the whole training.</param>
    /// <exception cref="LowrankException">A budget out of its range.</exception>
    public RankAllocation(Adapter adapter, AdaLoraOptions options, int steps)
    {
        (this.adapter, this.options) = (adapter, options);
        allocator = new RankAllocator(adapter, options.Budget(steps));
        left = allocator.First;
    }

    /// <inheritdoc/>
    public Tensor? Loss() => options.OrthogonalWeight > 0 ? options.OrthogonalWeight * RankAllocator.OrthogonalityLoss(adapter) : null;

    /// <inheritdoc/>
    public void Stepped(int step) => left = allocator.Step(step + 1);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measures => new Dictionary<string, double> { ["adalora/ranks"] = left };

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> StateTensors() => allocator.State();

    /// <inheritdoc/>
    public void Dispose() => allocator.Dispose();
}
