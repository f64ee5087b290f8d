namespace Lowrank.Training;

/// <summary>Batches of one size: every epoch shows each example as often as its repeats say, in an order of its own.</summary>
/// <param name="repeats">Repeats of each example.</param>
/// <param name="batchSize">Examples in a batch; an epoch's last batch may hold fewer.</param>
/// <param name="seed">The run's seed.</param>
public sealed class BatchOrder(IReadOnlyList<int> repeats, int batchSize, long seed) : IBatches
{
    readonly int[] items = [.. repeats.SelectMany((count, item) => Enumerable.Repeat(item, count))];
    (long Number, int[] Order) epoch = (-1, []);

    /// <inheritdoc/>
    public int PerEpoch => (items.Length + batchSize - 1) / batchSize;

    /// <inheritdoc/>
    public Batch this[long number]
    {
        get
        {
            var (wanted, index) = Math.DivRem(number, PerEpoch);
            if (epoch.Number != wanted) epoch = (wanted, Shuffled(wanted));
            return new Batch([.. epoch.Order.Skip((int)index * batchSize).Take(batchSize)]);
        }
    }

    int[] Shuffled(long number)
    {
        using var scope = NewDisposeScope();
        using var generator = StepSeeds.Generator(seed, "order", number);
        return [.. randperm(items.Length, device: CPU, generator: generator).data<long>().Select(i => items[i])];
    }
}
