namespace Lowrank.Diffusion;

/// <summary>Names of files that may name folders, and must stay in the folder that they are for.</summary>
public static class InsideFolder
{
    /// <summary>Why a name is not taken; null where it stays inside.</summary>
    /// <param name="folder">The folder; empty is the working one.</param>
    /// <param name="name">The name within it, with folders or without.</param>
    public static string? Fault(string folder, string name)
    {
        string whole = Path.GetFullPath(folder.Length > 0 ? folder : ".");
        if (name.Contains('\0', StringComparison.Ordinal)) return "the name holds a character that no file's name has (NUL)";
        bool isRooted = Path.IsPathRooted(name) || name.StartsWith('\\');
        string inside = Path.TrimEndingDirectorySeparator(whole) + Path.DirectorySeparatorChar;
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Join(whole, name))) + Path.DirectorySeparatorChar;
        if (!isRooted && path.StartsWith(inside, StringComparison.Ordinal)) return null;
        return $"\"{name}\" leads out of the output folder {whole}. Give a name inside it";
    }

    /// <summary>The path of a name within a folder.</summary>
    /// <inheritdoc cref="Fault"/>
    /// <exception cref="LowrankException">It leads out of the folder.</exception>
    public static string PathOf(string folder, string name) =>
        Fault(folder, name) is { } fault ? throw new LowrankException($"{fault}.") : Path.Join(folder, name);
}
