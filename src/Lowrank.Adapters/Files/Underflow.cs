using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>Counts what becomes 0 because it is too small for another dtype.</summary>
sealed class Underflow
{
    // A smaller share of all values is rounding like any other.
    const double Noticed = 0.001;

    long values, lost, tensors, whole;

    /// <summary>Counts a tensor.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">In the other dtype.</param>
    public void Count(Tensor before, Tensor after)
    {
        using var scope = NewDisposeScope();
        long some = before.count_nonzero().ToInt64(), left = after.count_nonzero().ToInt64();
        (values, tensors) = (values + some, tensors + 1);
        lost += some - left;
        if (some > 0 && left == 0) whole++;
    }

    /// <summary>A sentence for the user; null where next to nothing is lost.</summary>
    /// <param name="dtype">The other dtype.</param>
    public string? Note(ScalarType? dtype)
    {
        if (whole == 0 && lost <= Noticed * values) return null;
        string share = ((double)lost / values).ToString("0.0 %", CultureInfo.InvariantCulture);
        return $"{share} of the values are too small for {dtype} and became 0; {whole} of {tensors} tensors are all 0 now. " +
            "BFloat16 and Float32 keep them.";
    }
}
