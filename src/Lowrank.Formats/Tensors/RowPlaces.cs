namespace Lowrank.Formats;

/// <summary>The rows that are asked of a matrix.</summary>
static class RowPlaces
{
    /// <summary>Their numbers, each of which the matrix has.</summary>
    /// <param name="ids">Numbers, int64, of whatever shape.</param>
    /// <param name="shape">The matrix' shape.</param>
    /// <exception cref="LowrankException">A row that it does not have.</exception>
    internal static long[] Of(Tensor ids, long[] shape)
    {
        using var scope = NewDisposeScope();
        long[] places = ids.reshape(-1).to(ScalarType.Int64, CPU).data<long>().ToArray();
        foreach (long place in places)
            if (place < 0 || place >= shape[0]) throw new LowrankException($"row {place} is asked of a matrix of shape {shape.Text()}.");
        return places;
    }
}
