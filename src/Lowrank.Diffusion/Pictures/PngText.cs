using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Diffusion;

/// <summary>Puts a text into the bytes of a PNG.</summary>
/// <remarks>libvips writes UTF-8 into a tEXt chunk, which is Latin-1 by the standard: other programs would read "é" as "Ã©". So: tEXt where Latin-1 can say it, else iTXt.</remarks>
public static class PngText
{
    const int AfterHeader = 8 + 25;   // the signature, and the IHDR chunk of 13 bytes with length, type and checksum

    static readonly uint[] table = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    /// <summary>The PNG with a text under <paramref name="keyword"/>, before its pixels.</summary>
    public static byte[] Insert(byte[] png, string keyword, string text)
    {
        bool latin = text.All(c => c <= 255);
        byte[] key = Encoding.Latin1.GetBytes(keyword);
        byte[] chunk = latin
            ? Chunk("tEXt", [.. key, 0, .. Encoding.Latin1.GetBytes(text)])
            : Chunk("iTXt", [.. key, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);   // not compressed; no language, no translated keyword
        return [.. png.AsSpan(0, AfterHeader), .. chunk, .. png.AsSpan(AfterHeader)];
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
}
