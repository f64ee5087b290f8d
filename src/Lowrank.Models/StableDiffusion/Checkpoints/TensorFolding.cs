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
        _ => stored.Then(Third(stored, folding - Folding.FirstRows)),
    };

    static Tensor Third(Tensor joint, int number)
    {
        long rows = joint.shape[0] / Thirds;
        return joint.narrow(0, number * rows, rows).contiguous();
    }

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
        var own = parts[0];
        return folding switch
        {
            Folding.Convolution => own.dim() == 2 ? own.Then(own.view(own.shape[0], own.shape[1], 1, 1)) : own,
            Folding.Transposed => own.Then(own.t().contiguous()),
            _ => own,
        };
    }
}
