namespace Lowrank.Workbench;

/// <summary>The seeds of all pictures of a web UI's job.</summary>
/// <param name="Seeds">Count up, unless variations do.</param>
/// <param name="Subseeds">Variation seeds; count up.</param>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, process_images_inner, at 82a973c.</remarks>
sealed record WebUiSeeds(IReadOnlyList<long> Seeds, IReadOnlyList<long> Subseeds)
{
    // One less than torch's generator of the CPU tells apart.
    const long Most = 4294967294;

    /// <summary>Seeds for so many pictures; what is −1 is drawn.</summary>
    public static WebUiSeeds Of(WebUiRequest request, int count)
    {
        long seed = Given(request.Seed), subseed = Given(request.Subseed);
        bool counts = request.SubseedStrength == 0;
        return new(
            [.. Enumerable.Range(0, count).Select(i => seed + (counts ? i : 0))],
            [.. Enumerable.Range(0, count).Select(i => subseed + i)]);
    }

    /// <summary>A seed, or one that is drawn in place of −1.</summary>
    public static long Given(long seed) => seed == -1 ? Random.Shared.NextInt64(Most) : seed;
}
