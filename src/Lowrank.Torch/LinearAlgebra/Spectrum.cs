namespace Lowrank.Torch;

/// <summary>The largest singular values of a matrix, and what is known of the rest.</summary>
/// <param name="Values">The largest ones, descending.</param>
/// <param name="Length">How many the matrix has: the smaller of its rows and columns.</param>
/// <param name="Energy">The sum of the squares of all of them, which is the squared Frobenius norm.</param>
public sealed record Spectrum(IReadOnlyList<double> Values, int Length, double Energy)
{
    /// <summary>Whether all of the matrix's singular values are known.</summary>
    public bool IsComplete => Values.Count >= Length;

    /// <summary>Frobenius norm of the matrix.</summary>
    public double Norm => Math.Sqrt(Energy);

    /// <summary>Frobenius norm of what is lost when <paramref name="rank"/> values are kept; the best that any matrix of that rank can
    /// do.</summary>
    public double Error(int rank) => IsComplete
        ? Math.Sqrt(Values.Skip(rank).Sum(v => v * v))
        : Math.Sqrt(Math.Max(0, Energy - Values.Take(rank).Sum(v => v * v)));

    /// <summary>That of the matrix times a number of 0 or more.</summary>
    public Spectrum Scaled(double scale) => scale == 1 ? this : new([.. Values.Select(v => v * scale)], Length, Energy * scale * scale);

    /// <summary>All values of a matrix, of which those not given are zeros.</summary>
    public static Spectrum Complete(double[] values, int length) =>
        new(length > values.Length ? [.. values, .. new double[length - values.Length]] : values, length, values.Sum(v => v * v));
}
