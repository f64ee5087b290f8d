namespace Lowrank.Models;

/// <summary>What a folder in the cache of the Hugging Face hub is called: there its own name is a commit's hash.</summary>
public static class CachedName
{
    const string Kind = "models--", Separator = "--";

    /// <summary>The repository's name, of <c>models--owner--name/snapshots/COMMIT</c>; null for any other folder.</summary>
    public static string? Of(string folder)
    {
        string? snapshots = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (Path.GetFileName(snapshots) != "snapshots") return null;
        string repository = Path.GetFileName(Path.GetDirectoryName(snapshots)) ?? "";
        return repository.StartsWith(Kind, StringComparison.Ordinal) ? repository.Split(Separator)[^1] : null;
    }
}
