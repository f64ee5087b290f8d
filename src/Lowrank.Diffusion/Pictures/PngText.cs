using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lowrank.Diffusion;

/// <summary>Texts in the bytes of a PNG.</summary>
/// <remarks>
/// libvips takes tEXt chunks for UTF-8, which are Latin-1 by the standard: other programs would read its "é" as "Ã©". So: tEXt where
/// Latin-1 can say it, else iTXt.
/// </remarks>
public static class PngText
{
    /// <summary>Under which AUTOMATIC1111 tells how a picture was made.</summary>
    public const string InfoKeyword = "parameters";

    static readonly byte[] signature = [137, 80, 78, 71, 13, 10, 26, 10];

    const int AfterHeader = 8 + 25;   // the signature, and the IHDR chunk of 13 bytes with length, type and checksum

    const int ChunkFrame = 12;        // of any chunk: length, type and checksum

    static readonly uint[] table = [.. Enumerable.Range(0, 256).Select(n => Remainder((uint)n))];

    /// <summary>The PNG with a text under <paramref name="keyword"/>, before its pixels.</summary>
    public static byte[] Insert(byte[] png, string keyword, string text)
    {
        // Of an iTXt chunk: not compressed, no language, no translated keyword.
        const byte none = 0;
        bool latin = text.All(c => c <= 255);
        byte[] key = Encoding.Latin1.GetBytes(keyword);
        byte[] chunk = latin
            ? Chunk("tEXt", [.. key, 0, .. Encoding.Latin1.GetBytes(text)])
            : Chunk("iTXt", [.. key, 0, none, none, none, none, .. Encoding.UTF8.GetBytes(text)]);
        return [.. png.AsSpan(0, AfterHeader), .. chunk, .. png.AsSpan(AfterHeader)];
    }

    /// <summary>The text under <paramref name="keyword"/>; null if there is none, or if this is no PNG.</summary>
    public static string? Find(byte[] png, string keyword) =>
        All(png).Where(one => one.Key == keyword).Select(one => one.Value).FirstOrDefault();

    /// <summary>Whether a PNG's chunks add up to its end, the last of them IEND: texts stand in front, and say nothing of that.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> png)
    {
        int at = signature.Length;
        while (at + ChunkFrame <= png.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - ChunkFrame) return false;
            if (png[(at + 4)..].StartsWith("IEND"u8)) return true;
            at += ChunkFrame + (int)length;
        }
        return false;
    }

    /// <summary>The texts of all tEXt, zTXt and iTXt chunks by their keywords, in their order; none if this is no PNG.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All(byte[] png)
    {
        if (!png.AsSpan().StartsWith(signature)) yield break;
        for (int at = signature.Length; at + ChunkFrame <= png.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - ChunkFrame) yield break;
            if (Read(Encoding.ASCII.GetString(png, at + 4, 4), png.AsSpan(at + 8, (int)length)) is { } read) yield return read;
            at += ChunkFrame + (int)length;
        }
    }

    static KeyValuePair<string, string>? Read(string chunk, ReadOnlySpan<byte> data)
    {
        int end = data.IndexOf((byte)0);
        if (end < 0) return null;
        var rest = data[(end + 1)..];
        string? text = chunk switch
        {
            "tEXt" => Decoded(rest),
            "zTXt" when rest.Length > 1 => Decoded(Inflated(rest[1..])),
            "iTXt" when rest.Length > 2 => International(rest),
            _ => null,
        };
        return text is null ? null : new(Encoding.Latin1.GetString(data[..end]), text);
    }

    // Whether it is compressed, and how; language and translated keyword; the text.
    static string International(ReadOnlySpan<byte> rest)
    {
        var text = AfterZero(AfterZero(rest[2..]));
        return Encoding.UTF8.GetString(rest[0] != 0 ? Inflated(text) : text);
    }

    // Some programs write UTF-8 where Latin-1 belongs. Latin-1 that happens to be UTF-8 beyond ASCII is no text.
    static string Decoded(ReadOnlySpan<byte> bytes)
    {
        var encoding = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1;
        return encoding.GetString(bytes);
    }

    static ReadOnlySpan<byte> AfterZero(ReadOnlySpan<byte> bytes) => bytes.IndexOf((byte)0) is >= 0 and var zero ? bytes[(zero + 1)..] : [];

    static byte[] Inflated(ReadOnlySpan<byte> bytes)
    {
        const int most = 1 << 24;   // a text of 16 MB is an attack
        using var zlib = new ZLibStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        var text = new byte[most];
        try
        {
            return text[..zlib.ReadAtLeast(text, most, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];   // damaged: the picture may still be good
        }
    }

    static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), Checksum(chunk.AsSpan(4..^4)));
        return chunk;
    }

    // CRC-32 of the PNG standard, annex D.
    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint c = uint.MaxValue;
        foreach (byte b in bytes) c = table[(c ^ b) & 255] ^ (c >> 8);
        return ~c;
    }

    // Of one byte, by the standard's polynomial.
    static uint Remainder(uint c)
    {
        for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    }
}
