namespace Lowrank.Graphs;

/// <summary>Tensors brought to the size of others.</summary>
static class Batches
{
    /// <summary>x with so many rows: repeated from the first, or cut.</summary>
    public static Tensor Repeated(Tensor x, long rows)
    {
        if (x.shape[0] >= rows) return x.narrow(0, 0, rows);
        long[] times = [(rows + x.shape[0] - 1) / x.shape[0], .. Enumerable.Repeat(1L, (int)x.dim() - 1)];
        return x.repeat(times).narrow(0, 0, rows);
    }

    /// <summary>Latents at the size of others, by their middle; their rows are kept.</summary>
    public static Tensor Sized(Tensor latents, long[] shape) => latents.shape.AsSpan(1).SequenceEqual(shape.AsSpan(1))
        ? latents
        : Scaling.Scale(latents, shape[3], shape[2], "bilinear", Scaling.Centre);

    /// <summary>Latents at the size of others, and as many.</summary>
    public static Tensor Fitted(Tensor latents, long[] shape) => Repeated(Sized(latents, shape), shape[0]);
}
