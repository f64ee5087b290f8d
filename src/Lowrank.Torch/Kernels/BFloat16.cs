namespace Lowrank.Torch;

/// <summary>Single numbers of bfloat16, the upper half of a float32.</summary>
static class BFloat16
{
    /// <summary>As float32.</summary>
    public static float Widened(ushort value) => BitConverter.Int32BitsToSingle(value << 16);

    /// <summary>Rounded to the nearest, of two the even one, as libtorch does.</summary>
    public static ushort Rounded(float value)
    {
        if (float.IsNaN(value)) return 0x7fc0;
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
