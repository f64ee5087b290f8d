namespace Lowrank.Adapters;

/// <summary>The frozen random projections that VeRA's family shares among an adapter's targets.</summary>
static class Projections
{
    /// <summary>
    /// A (rank of A, largest in) and B (largest out, rank of B), drawn in this order from one seed, uniform in ±√(6/fan_in).
    /// </summary>
    public static (SharedPart A, SharedPart B) Drawn(Target target, SharedParts shared, long rankA, long rankB, int seed)
    {
        long inputs = shared.Largest(target, t => t.In), outputs = shared.Largest(target, t => t.Out);
        using var generator = new Generator((ulong)seed);
        var begin = new Initialization(generator);
        Tensor Draw(long rows, long columns) => begin.Uniform(Math.Sqrt(6.0 / columns), rows, columns);
        // B's numbers follow A's, so both are drawn at once.
        var a = shared.Get("A", () => Draw(rankA, inputs));
        var b = shared.Get("B", () => Draw(outputs, rankB));
        return (a, b);
    }

    /// <summary>Those of a file, or where it has none, those that its seed gives.</summary>
    public static (SharedPart A, SharedPart B) StoredOrDrawn(Target target, StoredParts parts, long rankA, long rankB, int seed)
    {
        var shared = parts.Begin.Shared;
        if (parts.Find("A") is not { } a || parts.Find("B") is not { } b) return Drawn(target, shared, rankA, rankB, seed);
        return (shared.Get("A", () => a), shared.Get("B", () => b));
    }

    /// <summary>The first rows and columns.</summary>
    public static Tensor Cut(Tensor matrix, long rows, long columns)
    {
        var cut = matrix.shape[0] == rows ? matrix : matrix.narrow(0, 0, rows);
        return cut.shape[1] == columns ? cut : cut.narrow(1, 0, columns);
    }

    /// <exception cref="LowrankException">A or B is too small for the target or the rank.</exception>
    public static void Check(Target target, Tensor a, Tensor b, long rankA, long rankB)
    {
        bool fits = a.shape is [var rowsA, var columnsA] && rowsA >= rankA && columnsA >= target.In
            && b.shape is [var rowsB, var columnsB] && rowsB >= target.Out && columnsB >= rankB;
        if (!fits)
            throw new LowrankException(
                $"the shared projections {a.shape.Text()} and {b.shape.Text()} are too small for ranks {rankA} and {rankB} at {target}");
    }
}
