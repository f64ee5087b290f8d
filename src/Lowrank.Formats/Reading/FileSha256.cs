using System.Security.Cryptography;

namespace Lowrank.Formats;

/// <summary>The SHA-256 of a file's bytes.</summary>
public static class FileSha256
{
    /// <summary>Its 64 digits, in lower-case hexadecimal.</summary>
    public static string Of(string path)
    {
        using var bytes = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
