namespace Lowrank.Diffusion;

/// <summary>Names of files that may name folders, and must stay in the folder that they are for.</summary>
public static class InsideFolder
{
    /// <summary>Why a name is not taken; null where it stays inside.</summary>
    /// <param name="folder">The folder; empty is the working one.</param>
    /// <param name="name">The name within it, with folders or without.</param>
    /// <param name="kind">What the folder is for: "output".</param>
    /// <param name="takesWhole">Whether a whole path is taken that leads into the folder, besides names within it.</param>
    public static string? Fault(string folder, string name, string kind = "output", bool takesWhole = false)
    {
        string shown = name.Replace("\0", "\\0", StringComparison.Ordinal);
        if (shown != name) return $"\"{shown}\" holds the sign NUL. Give a name without it";
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Length > 0 ? folder : "."));
        string plain = name.Replace('\\', '/');   // which leads out elsewhere
        bool isInside = Closed(Path.GetFullPath(Path.Combine(whole, plain))).StartsWith(Closed(whole), StringComparison.Ordinal);
        if (isInside && (takesWhole || !Path.IsPathRooted(plain))) return null;
        return $"\"{name}\" leads out of the {kind} folder {whole}. Give a name inside it";
    }

    // With a separator at its end, so that "output" is not within "out".
    static string Closed(string path) => Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;

    /// <summary>The path of a name within a folder.</summary>
    /// <param name="folder">The folder; empty is the working one.</param>
    /// <param name="name">The name within it, with folders or without.</param>
    /// <exception cref="LowrankException">It leads out of the folder.</exception>
    public static string PathOf(string folder, string name) =>
        Fault(folder, name) is { } fault ? throw new LowrankException($"{fault}.") : Path.Join(folder, name);
}
