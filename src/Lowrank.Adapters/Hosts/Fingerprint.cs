namespace Lowrank.Adapters;

/// <summary>Two sums of a tensor, by which it is known again where nobody has written other values, on another device too.</summary>
/// <param name="Dtype">Its dtype.</param>
/// <param name="Sum">The sum, in float64.</param>
/// <param name="Size">The sum of the amounts.</param>
sealed record Fingerprint(ScalarType Dtype, double Sum, double Size)
{
    // A sum in float64 in another order is off by far less, and what somebody loads by far more.
    const double RelativeTolerance = 1e-10;

    /// <summary>A weight's; null where none is told, of weights that are rounded to few bits.</summary>
    public static Fingerprint? Of(IWeight weight)
    {
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        return weight is DenseWeight dense ? Of(dense.Dense()) : null;
    }

    /// <summary>A tensor's; null where it has no values.</summary>
    public static Fingerprint? Of(Tensor values)
    {
        if (values.device_type == DeviceType.META) return null;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var own = values.detach();
        return new(own.dtype, own.sum(ScalarType.Float64).ToDouble(), own.abs().sum(ScalarType.Float64).ToDouble());
    }

    /// <summary>Whether another may be of the same values: of another dtype nobody can say.</summary>
    public bool Fits(Fingerprint? other)
    {
        if (other is null || other.Dtype != Dtype || !double.IsFinite(Size)) return true;
        double tolerance = RelativeTolerance * Size;
        return Math.Abs(other.Sum - Sum) <= tolerance && Math.Abs(other.Size - Size) <= tolerance;
    }
}
