namespace Lowrank.Models;

/// <summary>Carries out a <see cref="Folding"/> on shapes and tensors, both ways.</summary>
public static class TensorFolding
{
    const int Thirds = 3;

    /// <summary>Whether the tensor is one of three that a checkpoint joins.</summary>
    public static bool IsThird(this Folding folding) => folding >= Folding.FirstRows;

    /// <summary>The shape that a checkpoint's tensor has on its own.</summary>
    public static long[] Unfold(this Folding folding, long[] shape) => folding switch
    {
        Folding.Same => shape,
        // Some converters left the matrix a matrix.
        Folding.Convolution => shape is [var rows, var columns, 1, 1] ? [rows, columns] : shape,
        Folding.Transposed => [.. shape.Reverse()],
        _ => [.. shape.Select((length, axis) => axis == 0 ? length / Thirds : length)],
    };

    /// <summary>A tensor of its own of a checkpoint's, which is freed.</summary>
    public static Tensor Unfold(this Folding folding, Tensor stored) => folding switch
    {
        Folding.Same => stored,
        Folding.Convolution => stored.dim() == 4 ? stored.Then(stored.flatten(1)) : stored,
        Folding.Transposed => stored.Then(stored.t().contiguous()),
        _ => stored.Then(stored.narrow(0, (folding - Folding.FirstRows) * (stored.shape[0] / Thirds), stored.shape[0] / Thirds).contiguous()),
    };

    /// <summary>The shape of a checkpoint's tensor that holds one of this shape.</summary>
    public static long[] Fold(this Folding folding, long[] shape) => folding switch
    {
        Folding.Same => shape,
        Folding.Convolution => shape is [var rows, var columns] ? [rows, columns, 1, 1] : shape,
        Folding.Transposed => [.. shape.Reverse()],
        _ => [shape[0] * Thirds, .. shape.Skip(1)],
    };

    /// <summary>A checkpoint's tensor of its parts, which are freed: one, or three in order.</summary>
    public static Tensor Fold(this Folding folding, IReadOnlyList<Tensor> parts)
    {
        if (folding.IsThird())
        {
            var joint = cat([.. parts], 0);
            foreach (var part in parts) part.Dispose();
            return joint;
        }
        return folding switch
        {
            Folding.Convolution => parts[0].dim() == 2 ? parts[0].Then(parts[0].view(parts[0].shape[0], parts[0].shape[1], 1, 1)) : parts[0],
            Folding.Transposed => parts[0].Then(parts[0].t().contiguous()),
            _ => parts[0],
        };
    }
}
