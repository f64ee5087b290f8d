namespace Lowrank.Graphs;

/// <summary>
/// Work of an autoencoder in overlapping tiles: the mean of three passes, with tiles as they are, half as wide and twice as high, and twice
/// as wide and half as high.
/// </summary>
/// <remarks>After ComfyUI's comfy/sd.py and comfy/utils.py (0.3.64), tiled_scale: tiles fade towards all their sides.</remarks>
/// <param name="Size">Side of a tile, in places of what is worked on.</param>
/// <param name="Overlap">How many of them a neighbour covers too.</param>
public sealed record VaeTiles(int Size, int Overlap)
{
    /// <summary>The mean of the three passes.</summary>
    /// <param name="x">What is worked on, (N, C, H, W).</param>
    /// <param name="scale">How many times as large the result is: 8 for decoding, 1/8 for encoding.</param>
    /// <param name="work">Decodes or encodes a tile.</param>
    /// <exception cref="LowrankException">The tiles overlap so far that they go nowhere.</exception>
    public Tensor Run(Tensor x, double scale, Func<Tensor, Tensor> work)
    {
        using var scope = NewDisposeScope();
        var sum = Pass(x, Size / 2, Size * 2, scale, work) + Pass(x, Size * 2, Size / 2, scale, work) + Pass(x, Size, Size, scale, work);
        return scope.MoveToOuter(sum / 3);
    }

    Tensor Pass(Tensor x, int width, int height, double scale, Func<Tensor, Tensor> work)
    {
        using var scope = NewDisposeScope();
        var rows = x.split(1).Select(row => Row(row, width, height, scale, work)).ToArray();
        return scope.MoveToOuter(cat(rows));
    }

    Tensor Row(Tensor row, int width, int height, double scale, Func<Tensor, Tensor> work)
    {
        var (_, _, down, across) = row.shape;
        if (down <= height && across <= width) return work(row);
        Tensor? sum = null, weights = null;
        foreach (long top in Starts(down, height))
            foreach (long left in Starts(across, width))
            {
                using var scope = NewDisposeScope();
                var (y, x) = (Math.Max(0, Math.Min(down - Overlap, top)), Math.Max(0, Math.Min(across - Overlap, left)));
                var done = work(row.narrow(2, y, Math.Min(height, down - y)).narrow(3, x, Math.Min(width, across - x)));
                sum ??= scope.MoveToOuter(zeros([1, done.shape[1], Scaled(down), Scaled(across)], dtype: done.dtype, device: done.device));
                weights ??= scope.MoveToOuter(zeros_like(sum));
                var weight = Faded(done, (int)Scaled(Overlap));
                Part(sum, done, y, x).add_(done * weight);
                Part(weights, done, y, x).add_(weight);
            }
        return sum! / weights!;

        long Scaled(long size) => (long)Math.Round(size * scale);

        Tensor Part(Tensor whole, Tensor done, long y, long x) =>
            whole.narrow(2, Scaled(y), done.shape[2]).narrow(3, Scaled(x), done.shape[3]);
    }

    IEnumerable<long> Starts(long size, int tile)
    {
        if (size <= tile) return [0];
        int step = tile - Overlap;
        if (step <= 0)
            throw new LowrankException($"Tiles of {Size} are also worked on {tile} wide, and overlap by {Overlap}: " +
                "no step is left between them. Take an overlap below half the tile.");
        return Enumerable.Range(0, (int)((size - Overlap + step - 1) / step)).Select(i => (long)i * step);
    }

    // 1 in the middle, and 1/n, 2/n, .. 1 towards each side; no fading along a side that is shorter than it.
    static Tensor Faded(Tensor tile, int steps)
    {
        var weight = ones_like(tile);
        foreach (int axis in new[] { 2, 3 })
        {
            if (steps >= tile.shape[axis]) continue;
            for (int i = 0; i < steps; i++)
            {
                weight.narrow(axis, i, 1).mul_((i + 1.0) / steps);
                weight.narrow(axis, tile.shape[axis] - 1 - i, 1).mul_((i + 1.0) / steps);
            }
        }
        return weight;
    }
}
