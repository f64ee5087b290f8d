namespace Lowrank.Torch;

/// <summary>Squares of a matrix by the means of its rows and columns (Shazeer and Stern, arXiv 1804.04235).</summary>
/// <remarks>More than two axes are matrices of the last two: a 3x3 convolution has rows (out, in, 3).</remarks>
static class FactoredSquares
{
    /// <summary>Whether a shape has rows and columns.</summary>
    public static bool Suits(Tensor parameter) => parameter.dim() >= 2;

    /// <summary>The means, at zero.</summary>
    /// <param name="one">(..., rows, columns).</param>
    /// <param name="name">Their name, to which <c>_row</c> and <c>_col</c> are added.</param>
    public static IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one, string name)
    {
        long[] shape = one.Parameter.shape;
        yield return ($"{name}_row", one.Zeros(shape[..^1]));
        yield return ($"{name}_col", one.Zeros([.. shape[..^2], shape[^1]]));
    }

    /// <summary>Takes squares up into the means.</summary>
    public static void Add(TrainedParameter one, string name, Tensor squares, double kept)
    {
        one[$"{name}_row"].mul_(kept).add_(squares.mean([-1]), alpha: 1 - kept);
        one[$"{name}_col"].mul_(kept).add_(squares.mean([-2]), alpha: 1 - kept);
    }

    /// <summary>1/√ of the squares that the means stand for.</summary>
    public static Tensor InverseRoot(TrainedParameter one, string name)
    {
        var (rows, columns) = (one[$"{name}_row"], one[$"{name}_col"]);
        var ofRows = (rows / rows.mean([-1], keepdim: true)).rsqrt_().unsqueeze(-1);
        return ofRows * columns.unsqueeze(-2).rsqrt();
    }

    /// <summary>Root of the mean of squares.</summary>
    public static double Size(Tensor values) => values.norm().ToDouble() / Math.Sqrt(values.numel());
}
