namespace Lowrank.Training;

/// <summary>Batches in the order of the data, the same in every pass.</summary>
/// <param name="count">Examples.</param>
/// <param name="batchSize">Examples in a batch; the last may hold fewer.</param>
sealed class InOrder(int count, int batchSize) : IBatches
{
    public int PerEpoch => (count + batchSize - 1) / batchSize;

    public Batch this[long number]
    {
        get
        {
            int first = (int)(number % PerEpoch) * batchSize;
            return new([.. Enumerable.Range(first, Math.Min(batchSize, count - first))]);
        }
    }
}
