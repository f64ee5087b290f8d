namespace Lowrank.Workbench;

/// <summary>Where models and adapters of the hub lie on this disk: the one door through which names become paths.</summary>
/// <remarks>It fetches nothing.</remarks>
public static class HubPlaces
{
    /// <summary>The file or folder in the cache that a name on the hub means; any other path as it is.</summary>
    /// <param name="text">A path, or <c>hf:owner/name[@revision][//path/file]</c>.</param>
    /// <exception cref="LowrankException">It is no name, or not wholly in the cache; the command that fetches it is told.</exception>
    public static string Find(string text) => Find(text, Environment.GetEnvironmentVariable);

    /// <summary>The same of none.</summary>
    /// <param name="text">A path, a name, or null.</param>
    public static string? FindAny(string? text) => text is null ? null : Find(text);

    /// <summary>The same by another environment.</summary>
    /// <param name="text">A path, or a name on the hub.</param>
    /// <param name="read">The variables.</param>
    internal static string Find(string text, Func<string, string?> read)
    {
        if (!HubName.IsMeant(text)) return text;
        string folder = HubSettings.CacheOf(read);
        return Find(HubName.Read(text), new HubCache(folder), folder);
    }

    static string Find(HubName name, HubCache cache, string folder)
    {
        string pull = $"lowrank pull {name}";
        var snapshot = cache.Snapshot(name) ?? throw new LowrankException(
            $"{name} is not in the cache ({folder}), and nothing is fetched unasked. Fetch it with: {pull}");
        try
        {
            return PlaceIn(snapshot, name);
        }
        catch (LowrankException error)
        {
            string why = error.Message.TrimEnd('.');
            throw new LowrankException($"{name}: of what the cache has, {why}. The rest is fetched with: {pull}", error);
        }
    }

    /// <summary>Where in a snapshot a name leads.</summary>
    /// <exception cref="LowrankException">What it needs is not all there.</exception>
    internal static string PlaceIn(HubSnapshot snapshot, HubName name)
    {
        var choice = new HubSelection(snapshot).Choose(name.Path, HubPatterns.None);
        if (choice.Missing.Count > 0) throw new LowrankException($"{snapshot.Name} lacks {string.Join(", ", choice.Missing)}");
        return choice.Place.Length == 0 ? snapshot.Folder : HubPath.Below(snapshot.Folder, choice.Place);
    }
}
