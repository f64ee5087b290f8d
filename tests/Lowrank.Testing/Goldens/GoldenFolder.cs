using System.Runtime.CompilerServices;

namespace Lowrank.Testing;

/// <summary>Where the golden numbers lie: the variable LOWRANK_GOLDENS, or the copies in tests/Goldens/data.</summary>
public static class GoldenFolder
{
    static readonly string copies = Path.Combine(Repository, "tests", "Goldens", "data");

    // As it was given, which may be a part: a folder within the one that holds all.
    static readonly string given = Path.TrimEndingDirectorySeparator(
        Path.GetFullPath(Environment.GetEnvironmentVariable("LOWRANK_GOLDENS") is { Length: > 0 } told ? told : copies));

    /// <summary>The folder that holds the groups by their names.</summary>
    public static string Root { get; } = RootOf(given);

    // Of the folder that was given and those around it the one in which most of the copies' groups are found by their names.
    static string RootOf(string folder)
    {
        var known = GroupsIn(copies, copies);
        var around = new List<string>();
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at)) around.Add(at);
        return around.MaxBy(root => known.Count(group => File.Exists(Path.Combine(root, group, Cases))))!;
    }

    const string Cases = "cases.json";

    static List<string> GroupsIn(string folder, string root) =>
    [
        .. Directory.EnumerateFiles(folder, Cases, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The repository's root, from where this source file was compiled.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    /// <summary>Names of the groups that were asked for: folders with a cases.json, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Groups { get; } = GroupsIn(given, Root);

    static string ThisFile([CallerFilePath] string path = "") => path;
}
