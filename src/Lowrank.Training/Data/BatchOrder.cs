namespace Lowrank.Training;

/// <summary>Which pictures the batches of a run hold: every epoch shows each picture as often as its repeats say, in an order of its own.</summary>
/// <param name="repeats">Repeats of each picture.</param>
/// <param name="batchSize">Pictures in a batch; an epoch's last batch may hold fewer.</param>
/// <param name="seed">The run's seed.</param>
public sealed class BatchOrder(IReadOnlyList<int> repeats, int batchSize, long seed)
{
    readonly int[] items = [.. repeats.SelectMany((count, picture) => Enumerable.Repeat(picture, count))];
    (long Number, int[] Order) epoch = (-1, []);

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch => (items.Length + batchSize - 1) / batchSize;

    /// <summary>The pictures of batch <paramref name="number"/>, counted from the run's beginning.</summary>
    public int[] this[long number]
    {
        get
        {
            var (wanted, index) = Math.DivRem(number, BatchesPerEpoch);
            if (epoch.Number != wanted) epoch = (wanted, Shuffled(wanted));
            return [.. epoch.Order.Skip((int)index * batchSize).Take(batchSize)];
        }
    }

    int[] Shuffled(long number)
    {
        using var scope = NewDisposeScope();
        using var generator = StepSeeds.Generator(seed, "order", number);
        return [.. randperm(items.Length, generator: generator).data<long>().Select(i => items[i])];
    }
}
