namespace Lowrank.Workbench;

/// <summary>The adapters in a folder that is none itself: PEFT's folders, as it saves a model with several, and files.</summary>
static class InnerAdapters
{
    static readonly string[] endings = [".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".gguf"];

    /// <summary>
    /// Places of what a folder holds, in the order of their names, where an adapter is among it; the place itself where it is a file, an
    /// adapter or a model, or holds none.
    /// </summary>
    /// <param name="place">A file or folder.</param>
    public static IReadOnlyList<string> Of(string place)
    {
        if (!Directory.Exists(place) || IsOneAdapter(place) || BaseModelInspection.Recognizes(place)) return [place];
        string[] folders = [.. Directory.EnumerateDirectories(place).Where(PeftFolder.IsFolder)];
        string[] files = [.. Directory.EnumerateFiles(place).Where(IsOfTensors)];
        bool holdsAdapter = folders.Length > 0 || files.Any(IsAdapter);
        return holdsAdapter ? [.. folders.Concat(files).Order(StringComparer.Ordinal)] : [place];
    }

    // Inner folders that are called as parts of a model are one adapter together.
    static bool IsOneAdapter(string folder)
    {
        if (!AdapterPlace.IsFolder(folder)) return false;
        string[] inner = [.. PeftComponents.In(folder).Select(one => Path.GetFileName(one)!)];
        return inner.Length == 0 || inner.Any(Components().Contains);
    }

    static HashSet<string> Components()
    {
        var names = new HashSet<string>();
        foreach (var kind in ModelKinds.All.Where(kind => kind.HasOnePublished))
        {
            using var outline = ModelKinds.Published(kind.Family.Name);
            names.UnionWith(outline.Describe().Components.Select(component => component.Name));
        }
        return names;
    }

    // One with a dot before its name is being written.
    static bool IsOfTensors(string file) =>
        Path.GetFileName(file) is not ['.', ..] && endings.Contains(Path.GetExtension(file).ToLowerInvariant());

    static bool IsAdapter(string path)
    {
        try
        {
            using var file = AdapterFile.Open(path);
            var found = AdapterInspection.Inspect(file);
            return found.Modules.Count > 0 || found.Embeddings.Count > 0 || found.Prompt is not null;
        }
        catch (LowrankException)
        {
            return false;   // told where it is looked at
        }
    }
}
