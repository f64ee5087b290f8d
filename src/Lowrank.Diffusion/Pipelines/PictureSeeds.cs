using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>Seeds of pictures: 64 bits, of which those with the highest bit set are negative where they are counted as signed.</summary>
public static class PictureSeeds
{
    /// <summary>A seed as it is told: from 0 to 2^64 − 1.</summary>
    public static string Text(long seed) => unchecked((ulong)seed).ToString(CultureInfo.InvariantCulture);

    /// <summary>The seed of a text; null where it is none.</summary>
    public static long? Read(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? unchecked((long)seed) : null;

    /// <summary>
    /// The options with a seed for each picture, so that the pictures' texts can name it; with one for all where one generator draws.
    /// </summary>
    internal static GenerateOptions WithSeeds(this GenerateOptions options)
    {
        if (options.OneGenerator) return options.Seeds.Count > 0 ? options : options with { Seeds = [Drawn()] };
        if (options.Seeds.Count == options.Count) return options;
        long first = options.Seeds.Count > 0 ? options.Seeds[0] : Drawn();
        return options with { Seeds = [.. Enumerable.Range(0, options.Count).Select(i => first + i)] };
    }

    // torch's CPU generator heeds the low 32 bits alone.
    static long Drawn() => Random.Shared.NextInt64(1L << 32);
}
