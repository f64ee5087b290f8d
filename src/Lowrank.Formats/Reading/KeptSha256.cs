using System.Collections.Concurrent;

namespace Lowrank.Formats;

/// <summary>
/// The SHA-256 of files that are asked about again and again: each is read once for as long as its path, size and time of writing stay.
/// </summary>
public static class KeptSha256
{
    static readonly ConcurrentDictionary<string, string> known = [];

    /// <summary>Its 64 digits, in lower-case hexadecimal.</summary>
    public static string Of(string path)
    {
        string stamp = FileStamp.Of(path);
        if (known.TryGetValue(stamp, out string? digits)) return digits;
        digits = FileSha256.Of(path);
        // What was written to meanwhile has another stamp.
        if (FileStamp.Of(path) == stamp) known[stamp] = digits;
        return digits;
    }
}
