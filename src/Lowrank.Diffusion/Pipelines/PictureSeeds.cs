namespace Lowrank.Diffusion;

/// <summary>Chooses seeds where a request leaves them open.</summary>
static class PictureSeeds
{
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
