namespace Lowrank.Diffusion;

/// <summary>What kind of picture bytes are, by how they begin; a file's ending may say something else.</summary>
public static class PictureSignature
{
    /// <summary>Bytes that are needed to tell it.</summary>
    public const int Length = 16;

    /// <summary>"png", "jpeg", "gif", "bmp", "webp", "tiff", "avif" or "heic"; null for anything else.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return "png";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return "jpeg";
        if (bytes.StartsWith("GIF8"u8)) return "gif";
        if (bytes.StartsWith("BM"u8)) return "bmp";
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)) return "tiff";
        if (bytes.Length < 12) return null;
        if (bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)) return "webp";
        return bytes[4..].StartsWith("ftyp"u8) ? OfBrand(bytes[8..12]) : null;
    }

    // The major brand of an ISO media file: ISO/IEC 23008-12, annex B, and AV1's own.
    static string? OfBrand(ReadOnlySpan<byte> brand)
    {
        if (brand.StartsWith("avi"u8)) return "avif";
        bool isHevc = brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8);
        bool isPlain = brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);   // HEVC in what is found
        return isHevc || isPlain ? "heic" : null;
    }

    /// <summary>
    /// What to say where a picture is of another kind than its ending tells, as a JPEG that was renamed to .png; null where it is not, or
    /// the ending tells none.
    /// </summary>
    public static string? Mismatch(string path) =>
        PictureFormat.OfPath(path) is { } told && OfFile(path) is { } kind && kind != told.Name
            ? $"{path} is called {told.Name} and is {kind}; it is read as what it is."
            : null;

    /// <summary>The same of a file; null too where it cannot be opened.</summary>
    public static string? OfFile(string path)
    {
        try
        {
            if (FileKind.NotRegular(path) is not null) return null;
            using var stream = File.OpenRead(path);
            Span<byte> head = stackalloc byte[Length];
            return Of(head[..stream.ReadAtLeast(head, Length, throwOnEndOfStream: false)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
