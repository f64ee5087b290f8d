namespace Lowrank.Models;

/// <summary>
/// Encoding and decoding in overlapping tiles: memory for one tile instead of the whole, at the price of another answer, since norms
/// and attention see a tile only.
/// </summary>
/// <param name="SampleTile">Height and width of a tile in pixels.</param>
/// <param name="LatentTile">Height and width of a tile in latents: <paramref name="SampleTile"/> over the model's factor.</param>
/// <param name="Overlap">Which part of a tile its neighbour covers too; 0.25. Tile · (1 - overlap) must be whole.</param>
public sealed record VaeTiling(int SampleTile, int LatentTile, double Overlap = 0.25)
{
    /// <summary>Tiles of an autoencoder.</summary>
    /// <param name="vae">The autoencoder.</param>
    /// <param name="side">Pixels to a side of a tile; null takes what diffusers takes, the size for which it was made.</param>
    /// <exception cref="LowrankException">Tiles of that size cannot overlap by a quarter in whole latents.</exception>
    public static VaeTiling For(Autoencoder vae, int? side = null)
    {
        int step = LeastSteps * vae.Factor, tile = side ?? Math.Max(step, vae.SampleSize / step * step);
        if (Fault(tile, vae.Factor) is { } fault) throw new LowrankException($"{fault}.");
        return new(tile, tile / vae.Factor);
    }

    /// <summary>What is wrong with a tile of so many pixels to a side, without a full stop; null where nothing is.</summary>
    /// <param name="side">Pixels to a side.</param>
    /// <param name="factor">Pixels per latent along an axis.</param>
    public static string? Fault(int side, int factor) => side > 0 && side % (LeastSteps * factor) == 0 ? null
        : $"tiles of {side} pixels do not overlap by a quarter in whole latents (a multiple of {LeastSteps * factor} does)";

    // Latents to a side of the smallest tile of which a quarter is whole.
    const int LeastSteps = 4;

    /// <summary>Encodes a picture tile by tile.</summary>
    internal Tensor Encode(Tensor pictures, Func<Tensor, Tensor> encode) => Run(pictures, SampleTile, LatentTile, encode);

    /// <summary>Decodes latents tile by tile.</summary>
    internal Tensor Decode(Tensor latents, Func<Tensor, Tensor> decode) => Run(latents, LatentTile, SampleTile, decode);

    /// <summary>Whether x is larger than one tile along an axis.</summary>
    internal static bool Needed(Tensor x, int tile) => x.shape[^1] > tile || x.shape[^2] > tile;

    // Tiles of x of size `from`; each answer is blended into its upper and left neighbours over the overlap, and cut to what the next tile
    // does not bring.
    Tensor Run(Tensor x, int from, int to, Func<Tensor, Tensor> run)
    {
        int step = Step(from), kept = Step(to), blend = to - kept;
        var (_, _, height, width) = x.shape;
        var rows = new List<Tensor>();
        var above = new List<Tensor>();
        for (long top = 0; top < height; top += step)
        {
            var row = new List<Tensor>();
            for (long left = 0; left < width; left += step)
            {
                var tile = run(x.narrow(2, top, Math.Min(from, height - top)).narrow(3, left, Math.Min(from, width - left)));
                if (above.Count > 0) tile = Blend(above[row.Count], tile, blend, axis: 2);
                if (row.Count > 0) tile = Blend(row[^1], tile, blend, axis: 3);
                row.Add(tile);
            }
            rows.Add(cat([.. row.Select(tile => Head(Head(tile, 2, kept), 3, kept))], 3));
            foreach (var tile in above) tile.Dispose();
            above = row;
        }
        return cat(rows, 2);

        static Tensor Head(Tensor tile, int axis, long length) => tile.narrow(axis, 0, Math.Min(length, tile.shape[axis]));
    }

    int Step(int tile)
    {
        double step = tile * (1 - Overlap);
        if (step < 1 || step != Math.Floor(step))
            throw new LowrankException(
                $"Tiles of {tile} with an overlap of {PlainValue.Text(Overlap)} would be {PlainValue.Text(step)} apart, which must be a " +
                $"whole number above zero. Choose a tile size that is a multiple of {PlainValue.Text(Math.Round(1 / Overlap))}.");
        return (int)step;
    }

    // The first `extent` lines of `tile` fade from the last ones of `before` to its own.
    static Tensor Blend(Tensor before, Tensor tile, int extent, int axis)
    {
        extent = (int)Math.Min(extent, Math.Min(before.shape[axis], tile.shape[axis]));
        if (extent == 0) return tile;
        return tile.Then(own =>
        {
            var fade = arange(extent, dtype: ScalarType.Float32, device: own.device) / extent;
            fade = (axis == 2 ? fade.view(-1, 1) : fade.view(1, -1)).to(own.dtype);
            var head = before.narrow(axis, before.shape[axis] - extent, extent) * (1 - fade) + own.narrow(axis, 0, extent) * fade;
            return cat([head, own.narrow(axis, extent, own.shape[axis] - extent)], axis);
        });
    }
}
