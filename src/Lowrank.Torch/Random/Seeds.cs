using System.Globalization;

namespace Lowrank.Torch;

/// <summary>Seeds as texts: 64 bits, from 0 to 2^64 − 1. Those from 2^63 up are negative where they are kept as signed.</summary>
public static class Seeds
{
    /// <summary>A seed as it is told.</summary>
    public static string Text(long seed) => unchecked((ulong)seed).ToString(CultureInfo.InvariantCulture);

    /// <summary>The seed of a text; null where it is none.</summary>
    public static long? Read(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? unchecked((long)seed) : null;
}
