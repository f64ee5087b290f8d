using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lowrank.Diffusion;

/// <summary>Text in the lowest bits of a picture's alpha channel, where NovelAI hides it from those who take texts out.</summary>
/// <remarks>
/// Bits go down the columns: a mark of 15 bytes (<c>stealth_pnginfo</c>, or <c>stealth_pngcomp</c> for gzip), the number of bits in 32,
/// the text. Source: NovelAI/novelai-image-metadata.
/// </remarks>
public static class StealthText
{
    const string Plain = "stealth_pnginfo", Packed = "stealth_pngcomp";

    const int MostBytes = 1 << 24;   // a text of 16 MB is an attack

    /// <summary>The text; null if there is none.</summary>
    /// <param name="alpha">The alpha channel, row by row.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public static string? Find(ReadOnlySpan<byte> alpha, int width, int height)
    {
        int at = 0;
        if (Bytes(alpha, width, height, Plain.Length, ref at) is not { } mark) return null;
        string kind = Encoding.ASCII.GetString(mark);
        if (kind is not (Plain or Packed) || Bytes(alpha, width, height, 4, ref at) is not { } length) return null;
        uint bytes = BinaryPrimitives.ReadUInt32BigEndian(length) / 8;
        if (bytes > MostBytes || Bytes(alpha, width, height, (int)bytes, ref at) is not { } text) return null;
        return kind == Plain ? Encoding.UTF8.GetString(text) : Unpacked(text);
    }

    static byte[]? Bytes(ReadOnlySpan<byte> alpha, int width, int height, int count, ref int at)
    {
        if (at + 8L * count > (long)width * height) return null;
        var bytes = new byte[count];
        for (int bit = 0; bit < 8 * count; bit++, at++)
        {
            int low = alpha[at % height * width + at / height] & 1;
            bytes[bit / 8] = (byte)(bytes[bit / 8] << 1 | low);
        }
        return bytes;
    }

    static string? Unpacked(byte[] text)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(text), CompressionMode.Decompress);
            var unpacked = new byte[MostBytes];
            return Encoding.UTF8.GetString(unpacked, 0, gzip.ReadAtLeast(unpacked, MostBytes, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            return null;   // the mark by chance, or a picture that was changed since
        }
    }
}
