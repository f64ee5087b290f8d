using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Lowrank.Formats;

namespace Lowrank.Diffusion;

/// <summary>The names by which AUTOMATIC1111 knows a base model's file, and the file again.</summary>
/// <param name="Name">The file's path within the folder of models: "photo/fox.safetensors".</param>
/// <param name="Sha256">64 digits over the whole file; null where it was not hashed.</param>
/// <param name="OldHash">8 digits over bytes 0x100000 to 0x110000, which older texts give.</param>
/// <remarks>Source: modules/sd_models.py at 82a973c (1.10.1).</remarks>
public sealed partial record CheckpointTitle(string Name, string? Sha256, string OldHash)
{
    const int ShortLength = 10, OldLength = 8, OldStart = 0x100000, OldBytes = 0x10000;

    /// <summary>Looks at a file, which is read whole, once while it stays as it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its path within the folder of models; null means that it lies in it.</param>
    public static CheckpointTitle Of(string path, string? name = null)
    {
        using var file = File.OpenRead(path);
        file.Position = Math.Min(OldStart, file.Length);
        var window = new byte[OldBytes];
        int read = file.ReadAtLeast(window, OldBytes, throwOnEndOfStream: false);
        string old = Convert.ToHexStringLower(SHA256.HashData(window.AsSpan(0, read)))[..OldLength];
        return new(name ?? Path.GetFileName(path), KeptSha256.Of(path), old);
    }

    /// <summary>The first 10 digits of the hash, "Model hash" of pictures' texts; null without it.</summary>
    public string? ShortHash => Sha256?[..ShortLength];

    /// <summary>"photo/fox.safetensors [1a2b3c4d5e]".</summary>
    public string Title => WithHash(Name);

    /// <summary>"fox [1a2b3c4d5e]".</summary>
    public string ShortTitle => WithHash(Stem);

    /// <summary>"fox", "Model" of pictures' texts.</summary>
    public string Stem => Path.GetFileNameWithoutExtension(Name);

    /// <summary>All names by which a request may call it.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            string flat = Path.ChangeExtension(Name.Replace('/', '_').Replace('\\', '_'), null);
            string[] always = [OldHash, flat, Name, Name, Stem, $"{Name} [{OldHash}]"];
            return Sha256 is null ? always : [.. always, ShortHash!, Sha256, Title, ShortTitle];
        }
    }

    /// <summary>
    /// The model that is meant: by one of its names, else the shortest title that holds what is asked for, or holds it without the hash
    /// in brackets at its end. Null for none. Large and small letters are told apart.
    /// </summary>
    public static CheckpointTitle? Find(string asked, IReadOnlyList<CheckpointTitle> among)
    {
        if (asked.Length == 0) return null;
        if (among.LastOrDefault(one => one.Names.Contains(asked)) is { } named) return named;
        return Holding(asked) ?? Holding(HashBehind().Replace(asked, ""));

        CheckpointTitle? Holding(string part) =>
            among.Where(one => one.Title.Contains(part, StringComparison.Ordinal)).MinBy(one => one.Title.Length);
    }

    string WithHash(string name) => ShortHash is null ? name : $"{name} [{ShortHash}]";

    [GeneratedRegex(@"\s*\[[^]]+]\s*$")]
    private static partial Regex HashBehind();
}
