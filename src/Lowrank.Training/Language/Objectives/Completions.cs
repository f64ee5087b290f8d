namespace Lowrank.Training;

/// <summary>Numbers of tokens put together by row, over the tokens that count.</summary>
static class Completions
{
    /// <summary>(B) float32: the sum of each row.</summary>
    public static Tensor Sums(Tensor numbers, Tensor counted) => (numbers.to(ScalarType.Float32) * counted).sum(1);

    /// <summary>(B) float32: how many tokens of each row count.</summary>
    public static Tensor Lengths(Tensor counted) => counted.to(ScalarType.Float32).sum(1);

    /// <summary>(B) float32: the mean of each row, 0 of one where nothing counts.</summary>
    public static Tensor Means(Tensor numbers, Tensor counted) => Sums(numbers, counted) / Lengths(counted).clamp_min(1);

    /// <summary>The mean over all tokens of all rows; 0 where nothing counts.</summary>
    public static Tensor Mean(Tensor numbers, Tensor counted) =>
        (numbers.to(ScalarType.Float32) * counted).sum() / counted.sum().to(ScalarType.Float32).clamp_min(1);

    /// <summary>The rows of the chosen, and those of the rejected.</summary>
    /// <exception cref="LowrankException">Their number is odd.</exception>
    public static (Tensor Chosen, Tensor Rejected) Halves(Tensor rows)
    {
        long count = rows.shape[0];
        if (count % 2 != 0)
            throw new LowrankException($"{count} rows are no pairs. The chosen ones come first, then as many rejected ones.");
        return (rows.narrow(0, 0, count / 2), rows.narrow(0, count / 2, count / 2));
    }

    /// <summary>A tensor of one number, as a number; without its history.</summary>
    public static double Number(Tensor one)
    {
        using var bare = one.detach();
        return bare.ToDouble();
    }
}
