using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Training;

/// <summary>
/// Keeps encoded pictures and captions in a folder of safetensors files. A file is named after the hash of all that its content depends on,
/// so that nothing in it goes stale.
/// </summary>
/// <param name="folder">The folder; made when something is kept.</param>
public sealed class EncodingCache(string folder)
{
    bool failed;

    /// <summary>What every encoding depends on beside its own facts.</summary>
    internal string Beside { get; init; } = "";

    /// <summary>Is told once where encodings can be kept no longer; without it that is an error.</summary>
    internal Action<string>? Warned { get; init; }

    /// <summary>Finds out early whether a folder can keep encodings.</summary>
    /// <exception cref="LowrankException">It cannot be written to.</exception>
    public static void CheckPlace(string folder)
    {
        string probe = Path.Combine(folder, $".{Guid.NewGuid():n}.probe");
        try
        {
            Directory.CreateDirectory(folder);
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException(
                $"encoded pictures cannot be kept in {folder}: {error.Message} Choose another cache_dir, or leave cache_to_disk out.",
                error);
        }
    }

    /// <summary>
    /// The tensors kept under these facts, or those that <paramref name="make"/> makes and that are kept from then on. They belong to the
    /// caller's scope.
    /// </summary>
    /// <param name="kind">What they are; begins the file's name.</param>
    /// <param name="facts">All that they depend on.</param>
    /// <param name="make">Makes them by name.</param>
    public IReadOnlyDictionary<string, Tensor> Keep(
        string kind, IReadOnlyList<string> facts, Func<IReadOnlyDictionary<string, Tensor>> make)
    {
        IEnumerable<string> all = Beside.Length > 0 ? [.. facts, Beside] : facts;
        string path = Path.Combine(folder, $"{kind}-{Hash(Encoding.UTF8.GetBytes(string.Join('\0', all)))[..32]}.safetensors");
        if (File.Exists(path) && Read(path) is { } kept) return kept;
        var made = make();
        KeepOrTell(path, made);
        return made;
    }

    void KeepOrTell(string path, IReadOnlyDictionary<string, Tensor> made)
    {
        if (failed) return;
        try
        {
            Safetensors.Save(path, made);
        }
        catch (Exception error) when (Warned is not null && error is LowrankException or IOException or UnauthorizedAccessException)
        {
            failed = true;
            Warned($"encodings are no longer kept in {folder}: {error.Message} The run goes on without keeping more.");
        }
    }

    // A damaged file is worth as much as none: it is made anew and replaced.
    static Dictionary<string, Tensor>? Read(string path)
    {
        try
        {
            using var file = Safetensors.Open(path);
            return file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        }
        catch (LowrankException)
        {
            return null;
        }
    }

    /// <summary>Hash of a file's content.</summary>
    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>
    /// Hash of the contents of a model's parts, those that it lacks passed over; of the whole file for a single-file checkpoint.
    /// </summary>
    public static string HashOf(StableDiffusion model, params IReadOnlyList<string> parts)
    {
        if (File.Exists(model.Location)) return HashOf(model.Location);
        var hashes = new StringBuilder();
        foreach (var folder in parts.Select(part => Path.Combine(model.Location, part)).Where(Directory.Exists))
            foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal)) hashes.Append(HashOf(file));
        return Hash(Encoding.UTF8.GetBytes(hashes.ToString()));
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
