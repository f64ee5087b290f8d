namespace Lowrank.Torch;

/// <summary>Whether a dtype can hold values.</summary>
public static class ValueRange
{
    /// <summary>Whether every value stays finite in <paramref name="dtype"/>; false where one is not to begin with.</summary>
    // Rounding keeps order, so that both ends tell; NaN is handed on by both.
    public static bool Holds(this ScalarType dtype, Tensor values)
    {
        bool hasValues = values.numel() > 0 && values.device_type != DeviceType.META;
        if (!hasValues) return true;
        using var scope = NewDisposeScope();
        var (least, most) = values.aminmax();
        return stack([least, most]).to(dtype).to(ScalarType.Float32).isfinite().all().ToBoolean();
    }
}
