namespace Lowrank.Adapters;

/// <summary>Sums of a tensor, by which it is known again where nobody has written other values, on another device too.</summary>
/// <param name="Dtype">Its dtype.</param>
/// <param name="Sum">The sum, in float64.</param>
/// <param name="Size">The sum of the amounts.</param>
/// <param name="Placed">The sum with weights that tell places apart: those of rows and, apart, those of columns.</param>
sealed record Fingerprint(ScalarType Dtype, double Sum, double Size, double Placed)
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
        double size = own.abs().sum(ScalarType.Float64).ToDouble();
        return new(own.dtype, own.sum(ScalarType.Float64).ToDouble(), size, PlacedSum(own));
    }

    // Sums of rows in float64, so that no copy of a whole tensor is made.
    static double PlacedSum(Tensor own)
    {
        if (own.numel() == 0) return 0;
        var rows = own.reshape(own.dim() == 0 ? 1 : own.shape[0], -1);
        return Inner(rows.sum(1, type: ScalarType.Float64), 0.7) + Inner(rows.sum(0, type: ScalarType.Float64), 1.1);
    }

    // Weights between ½ and 1½, no two of neighbours alike.
    static double Inner(Tensor sums, double step)
    {
        var places = arange(sums.shape[0], ScalarType.Float64, sums.device);
        return (sums * ((places * step).sin() * 0.5 + 1)).sum().ToDouble();
    }

    /// <summary>Whether another may be of the same values: of another dtype nobody can say.</summary>
    public bool Fits(Fingerprint? other)
    {
        if (other is null || other.Dtype != Dtype || !double.IsFinite(Size)) return true;
        double tolerance = RelativeTolerance * Size;
        return Math.Abs(other.Sum - Sum) <= tolerance && Math.Abs(other.Size - Size) <= tolerance
            && Math.Abs(other.Placed - Placed) <= 4 * tolerance;
    }
}
