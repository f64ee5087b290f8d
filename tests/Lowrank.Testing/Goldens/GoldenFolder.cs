using System.Runtime.CompilerServices;

namespace Lowrank.Testing;

/// <summary>Where the golden numbers lie: the variable LOWRANK_GOLDENS, or the copies in tests/Goldens/data.</summary>
public static class GoldenFolder
{
    /// <summary>The folder in use.</summary>
    public static string Root { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("LOWRANK_GOLDENS") is { Length: > 0 } given
        ? given
        : Path.Combine(Repository, "tests", "Goldens", "data"));

    /// <summary>The repository's root, from where this source file was compiled.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    /// <summary>Names of the groups here: folders with a cases.json, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Groups { get; } =
        [.. Directory.EnumerateFiles(Root, "cases.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    static string ThisFile([CallerFilePath] string path = "") => path;
}
