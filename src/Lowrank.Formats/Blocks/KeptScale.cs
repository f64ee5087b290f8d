namespace Lowrank.Formats;

/// <summary>Codes once more, by a part's scale as its block keeps it, which is not quite the one that was searched; a part whose scale
/// became 0 keeps the codes of the search.</summary>
static unsafe class KeptScale
{
    /// <summary>Codes from 0 to a largest: (value + depth) / scale.</summary>
    internal static void Recode(float* values, int count, float scale, float depth, int largest, byte* codes)
    {
        if (scale == 0) return;
        for (int i = 0; i < count; i++) codes[i] = (byte)Rounding.HalfEven((values[i] + depth) / scale, 0, largest);
    }

    /// <summary>Codes counted from 0, of which one stands for 0 and as many are below it as from it on: value / scale.</summary>
    internal static void Recode(float* values, int count, float scale, int zero, sbyte* codes)
    {
        if (scale == 0) return;
        for (int i = 0; i < count; i++) codes[i] = (sbyte)(Rounding.HalfEven(values[i] / scale, -zero, zero - 1) + zero);
    }
}
