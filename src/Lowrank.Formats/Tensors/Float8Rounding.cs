namespace Lowrank.Formats;

/// <summary>Rounds floats to 8 bits, to the nearest, of two the even one.</summary>
public static class Float8Rounding
{
    /// <summary>The codes, uint8 of the values' shape; they belong to the caller's scope.</summary>
    /// <param name="values">Floats.</param>
    /// <param name="dtype">E4M3, where what is too large becomes the largest, 448, and infinities too; or E5M2, where it becomes
    /// infinite.</param>
    /// <exception cref="LowrankException">Another dtype.</exception>
    public static Tensor Encode(Tensor values, TensorDtype dtype)
    {
        if (!dtype.IsFloat8()) throw new LowrankException($"{dtype} is no float of 8 bits; there are F8_E4M3 and F8_E5M2.");
        using var scope = NewDisposeScope();
        var floats = values.to(ScalarType.Float32, CPU).contiguous().data<float>().ToArray();
        byte[] codes = [.. floats.Select(value => dtype == TensorDtype.F8_E4M3 ? E4M3(value) : E5M2(value))];
        return tensor(codes, device: CPU).view(values.shape).MoveToOuterDisposeScope();
    }

    static byte E4M3(float value)
    {
        const float Largest = 448;
        byte sign = float.IsNegative(value) ? (byte)0x80 : (byte)0;
        if (float.IsNaN(value)) return (byte)(sign | 0x7f);
        float magnitude = MathF.Min(MathF.Abs(value), Largest);
        if (magnitude < MathF.ScaleB(1, -6)) return (byte)(sign | (int)MathF.Round(MathF.ScaleB(magnitude, 9)));
        int exponent = (int)MathF.Floor(MathF.Log2(magnitude));
        if (MathF.ScaleB(1, exponent) > magnitude) exponent--;
        // A fraction that rounds up to the next power goes over into the exponent by itself.
        int fraction = (int)MathF.Round(MathF.ScaleB(magnitude, 3 - exponent)) - 8;
        return (byte)(sign | (exponent + 7 << 3) + fraction);
    }

    // The upper byte of a half; rounding once, from the float's own bits.
    static byte E5M2(float value)
    {
        const float Least = 61440;   // from here on 57344, the largest, is farther than what would follow it
        byte sign = float.IsNegative(value) ? (byte)0x80 : (byte)0;
        if (float.IsNaN(value)) return (byte)(sign | 0x7f);
        float magnitude = MathF.Abs(value);
        if (magnitude >= Least) return (byte)(sign | 0x7c);
        if (magnitude < MathF.ScaleB(1, -14)) return (byte)(sign | (int)MathF.Round(MathF.ScaleB(magnitude, 16)));
        int exponent = (int)MathF.Floor(MathF.Log2(magnitude));
        if (MathF.ScaleB(1, exponent) > magnitude) exponent--;
        int fraction = (int)MathF.Round(MathF.ScaleB(magnitude, 2 - exponent)) - 4;
        return (byte)(sign | (exponent + 15 << 2) + fraction);
    }
}
