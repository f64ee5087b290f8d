namespace Lowrank.Workbench;

/// <summary>A file of a repository, as the hub lists it.</summary>
/// <param name="Path">Its path, parts between slashes.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Hash">Hexadecimal: SHA-256 of its bytes, or git's hash of a small one; the cache calls it so.</param>
public sealed record HubFile(string Path, long Size, string Hash)
{
    const int DigitsOfSha256 = 64, DigitsOfGit = 40;

    /// <summary>Whether <see cref="Hash"/> is SHA-256 of its bytes, rather than git's.</summary>
    public bool IsSha256 => Hash.Length == DigitsOfSha256;

    /// <summary>Whether a text can be such a hash: anything else must not become a file's name.</summary>
    public static bool IsHash(string? text) => text is { Length: DigitsOfSha256 or DigitsOfGit } && text.All(char.IsAsciiHexDigitLower);
}
