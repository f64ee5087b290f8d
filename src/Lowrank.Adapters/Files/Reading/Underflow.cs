using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>Counts what becomes 0 because it is too small for another dtype.</summary>
sealed class Underflow
{
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

    /// <summary>A sentence for the user; null where nothing is lost.</summary>
    /// <param name="dtype">The other dtype.</param>
    public string? Note(ScalarType? dtype)
    {
        if (lost == 0) return null;
        double lostShare = (double)lost / values;
        string share = lostShare.ToString(lostShare < 0.001 ? "0.0e+0" : "0.0 %", CultureInfo.InvariantCulture);
        string keep = dtype is ScalarType.Float16 or ScalarType.BFloat16 ? " Float32 keeps most or all of them." : "";
        return $"{lost} of {values} values ({share}) are too small for {dtype} and became 0; " +
            $"{whole} of {tensors} tensors are all 0 now.{keep}";
    }
}
