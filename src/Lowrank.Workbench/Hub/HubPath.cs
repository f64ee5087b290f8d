using System.Text;

namespace Lowrank.Workbench;

/// <summary>Paths inside a repository of the hub, which become paths on the disk: what a server says of them is not believed.</summary>
static class HubPath
{
    const int Longest = 1000, LongestPart = 255;

    /// <summary>What keeps a path from being one inside a folder; null where nothing does.</summary>
    public static string? Fault(string path)
    {
        if (path.Length is 0 or > Longest) return $"a path has {path.Length} characters (1 to {Longest})";
        if (path.Any(c => char.IsControl(c) || c == '\\')) return $"'{path}' has a character that no path may have";
        string[] parts = path.Split('/');
        if (parts.Any(part => part is "" or "." or "..")) return $"'{path}' leads out of its folder, or has an empty part";
        if (parts.Any(part => Encoding.UTF8.GetByteCount(part) > LongestPart))
            return $"'{path}' has a part of more than {LongestPart} bytes";
        return OperatingSystem.IsWindows() ? FaultOnWindows(path, parts) : null;
    }

    static string? FaultOnWindows(string path, string[] parts)
    {
        bool isStrange = path.IndexOfAny([':', '*', '?', '"', '<', '>', '|']) >= 0 || parts.Any(part => part[^1] is '.' or ' ');
        return isStrange ? $"'{path}' cannot be a path on Windows" : null;
    }

    /// <summary>The path on this system's disk, below a folder.</summary>
    public static string Below(string folder, string path) => Path.Combine([folder, .. path.Split('/')]);
}
