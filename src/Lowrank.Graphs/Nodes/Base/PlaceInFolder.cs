namespace Lowrank.Graphs;

/// <summary>Names that graphs give to files of a folder, which stay in it.</summary>
static class PlaceInFolder
{
    /// <summary>Why a name is none for a file in a folder or under it, a sentence; null if it is one.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="name">The name, perhaps with folders before it.</param>
    /// <param name="kind">What the folder is: "input", "output".</param>
    public static string? WhyNot(string root, string name, string kind)
    {
        string shown = name.Replace("\0", "\\0", StringComparison.Ordinal);
        if (shown != name) return $"\"{shown}\" holds the sign NUL. Give a name without it.";
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        string place = Path.GetFullPath(Path.Combine(root, name.Replace('\\', '/')));
        bool isInside = place == whole || place.StartsWith(whole + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isInside ? null : $"\"{name}\" leads out of the {kind} folder {whole}. Give a name inside it.";
    }
}
