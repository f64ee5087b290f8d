namespace Lowrank.Torch;

/// <summary>Whether values are finite, and whether a dtype can hold them.</summary>
public static class ValueRange
{
    // libtorch's numbers of the types of float8, which TorchSharp does not name: e5m2, e4m3fn, and both as AMD and Graphcore have them.
    const int FirstFloat8 = 23, LastFloat8 = 26;

    /// <summary>Whether every value is a finite number; true for whole numbers, and for shapes without values.</summary>
    public static bool AreFinite(Tensor values)
    {
        if (!IsFloat(values) || !HasValues(values)) return true;
        if (double.IsFinite(Sum(values))) return true;
        var (least, most) = Ends(values);
        return double.IsFinite(least) && double.IsFinite(most);
    }

    // NaN and infinities stay in a sum, which is cheaper than the ends; it may be infinite by itself.
    static double Sum(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return Summed(values).sum().ToDouble();
    }

    /// <summary>Whether no value is NaN, be some infinite; true as for <see cref="AreFinite"/>.</summary>
    public static bool AreNumbers(Tensor values) =>
        !IsFloat(values) || !HasValues(values) || !double.IsNaN(Ends(values).Least);

    /// <summary>Whether every value stays finite in <paramref name="dtype"/>; false where one is not to begin with.</summary>
    public static bool Holds(this ScalarType dtype, Tensor values)
    {
        bool isWider = dtype is ScalarType.Float32 or ScalarType.Float64
            && values.dtype is ScalarType.Float16 or ScalarType.BFloat16;
        if (values.dtype == dtype || isWider) return AreFinite(values);
        if (!HasValues(values)) return true;
        var (least, most) = Ends(values);
        using var scope = NewDisposeScope();
        var ends = tensor([least, most], device: CPU);
        return AreFinite(ends.to(dtype));
    }

    static bool IsFloat(Tensor values) => values.is_floating_point() || IsFloat8(values.dtype);

    static bool IsFloat8(ScalarType dtype) => (int)dtype is >= FirstFloat8 and <= LastFloat8;

    // Float8 is neither added nor compared.
    static Tensor Summed(Tensor values) => IsFloat8(values.dtype) ? values.to(ScalarType.Float32) : values;

    static bool HasValues(Tensor values) => values.numel() > 0 && values.device_type != DeviceType.META;

    // Both ends tell all: rounding keeps order, and NaN is handed on. It is one pass over the values, where isfinite makes several tensors
    // of their size.
    static (double Least, double Most) Ends(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (least, most) = Summed(values).aminmax();
        return (least.ToDouble(), most.ToDouble());
    }
}
