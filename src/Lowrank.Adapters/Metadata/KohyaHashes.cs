using System.Security.Cryptography;

namespace Lowrank.Adapters;

/// <summary>The hashes by which kohya's tools and AUTOMATIC1111 know an adapter file.</summary>
/// <param name="ModelHash">sshs_model_hash: SHA-256 over the tensor data, in lower-case hexadecimal.</param>
/// <param name="LegacyHash">sshs_legacy_hash: the first 8 digits of the SHA-256 over bytes 0x100000 to 0x110000 of the file with only ss_* metadata.</param>
/// <remarks>Source: kohya-ss/sd-scripts library/train_util.py, precalculate_safetensors_hashes, at 48d368f.</remarks>
public sealed record KohyaHashes(string ModelHash, string LegacyHash)
{
    /// <summary>The hashes of tensors that are about to be saved with <paramref name="metadata"/>.</summary>
    public static KohyaHashes Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var bytes = new MemoryStream();
        Safetensors.Write(bytes, tensors, metadata.Where(pair => pair.Key.StartsWith("ss_", StringComparison.Ordinal)).ToDictionary());
        return Of(bytes);
    }

    /// <summary>The hashes of a whole safetensors file.</summary>
    public static KohyaHashes Of(Stream file)
    {
        file.Position = 0;
        Span<byte> length = stackalloc byte[8];
        file.ReadExactly(length);
        file.Position = 8 + BitConverter.ToInt64(length);
        var model = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Position = Math.Min(file.Length, 0x100000);
        var window = new byte[0x10000];
        int read = file.ReadAtLeast(window, window.Length, throwOnEndOfStream: false);
        return new(model, Convert.ToHexStringLower(SHA256.HashData(window.AsSpan(0, read)))[..8]);
    }

    /// <summary>What AUTOMATIC1111 writes into a picture's text: the first 12 digits.</summary>
    public string Short => ModelHash[..12];
}
