using System.Globalization;

namespace Lowrank.Testing;

/// <summary>The seeds of tests that draw from a generator of their own.</summary>
/// <remarks><c>LOWRANK_SEED=N</c> in the environment (0 by default) gives others: no test may depend on which.</remarks>
public static class TestSeeds
{
    /// <summary>LOWRANK_SEED.</summary>
    public static long Chosen { get; } = long.Parse(Environment.GetEnvironmentVariable("LOWRANK_SEED") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>A test's own seed, moved by the chosen one.</summary>
    public static ulong Of(ulong own) => own + 1000 * (ulong)Chosen;
}
