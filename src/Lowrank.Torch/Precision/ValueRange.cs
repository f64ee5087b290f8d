namespace Lowrank.Torch;

/// <summary>Whether values are finite, and whether a dtype can hold them.</summary>
public static class ValueRange
{
    /// <summary>Whether every value is a finite number; true for whole numbers, and for shapes without values.</summary>
    public static bool AreFinite(Tensor values)
    {
        if (!values.is_floating_point() || !HasValues(values)) return true;
        if (double.IsFinite(Sum(values))) return true;
        var (least, most) = Ends(values);
        return double.IsFinite(least) && double.IsFinite(most);
    }

    // NaN and infinities stay in a sum, which is cheaper than the ends; it may be infinite by itself.
    static double Sum(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return values.sum().ToDouble();
    }

    /// <summary>Whether no value is NaN, be some infinite; true as for <see cref="AreFinite"/>.</summary>
    public static bool AreNumbers(Tensor values) =>
        !values.is_floating_point() || !HasValues(values) || !double.IsNaN(Ends(values).Least);

    /// <summary>Whether every value stays finite in <paramref name="dtype"/>; false where one is not to begin with.</summary>
    public static bool Holds(this ScalarType dtype, Tensor values)
    {
        if (values.dtype == dtype) return AreFinite(values);
        if (!HasValues(values)) return true;
        var (least, most) = Ends(values);
        using var scope = NewDisposeScope();
        var ends = tensor([least, most], device: CPU);
        return AreFinite(ends.to(dtype));
    }

    static bool HasValues(Tensor values) => values.numel() > 0 && values.device_type != DeviceType.META;

    // Both ends tell all: rounding keeps order, and NaN is handed on. It is one pass over the values, where isfinite makes several tensors
    // of their size.
    static (double Least, double Most) Ends(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (least, most) = values.aminmax();
        return (least.ToDouble(), most.ToDouble());
    }
}
