namespace Lowrank.Testing.Fuzzing;

/// <summary>Numbers and names that an attacker would try.</summary>
static class Hostile
{
    /// <summary>Where a name would lead that is taken for an absolute path; nothing may ever be there.</summary>
    public static string Absolute { get; } = Path.Combine(Path.GetTempPath(), "lowrank-fuzz-escaped");

    public static long[] Numbers { get; } =
    [
        0, 1, -1, 2, 7, 255, 65535, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, 1L << 53, 1L << 61, 1L << 62, long.MaxValue - 7, long.MaxValue,
        long.MinValue, long.MinValue + 1,
    ];

    public static string[] Names { get; } =
    [
        "", " ", ".", "..", "../lowrank-fuzz-escaped", "../../lowrank-fuzz-escaped", "a/../../lowrank-fuzz-escaped", Absolute, @"..\lowrank-fuzz-escaped", @"C:\lowrank-fuzz-escaped",
        "a\0b", "\u001b[2J\u0007", "\u202e\ufeff", "\ud83d\ude00", "a\r\nb", "CON", "__metadata__", "__proto__", "%s%n", "{0}", "*", new('x', 300), new('y', 70_000),
    ];

    public static T Any<T>(this IReadOnlyList<T> list, Random random) => list[random.Next(list.Count)];
}
