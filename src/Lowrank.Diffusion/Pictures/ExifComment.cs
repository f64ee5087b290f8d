using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Diffusion;

/// <summary>The UserComment of a block of EXIF, where JPEG, WebP and AVIF keep a picture's text.</summary>
/// <remarks>
/// Exif 2.32, 4.6.2 (a TIFF file of directories) and 4.6.5: eight bytes name the letters, UNICODE being UTF-16 in the block's byte
/// order. piexif, which AUTOMATIC1111 writes with, takes the order of networks always.
/// </remarks>
public static class ExifComment
{
    /// <summary>What libvips calls the block.</summary>
    internal const string Field = "exif-data";

    const ushort ExifDirectory = 0x8769, UserComment = 0x9286, Long = 4, Undefined = 7;

    const int EntryLength = 12, LettersLength = 8;

    /// <summary>A block that holds a text and nothing else.</summary>
    public static byte[] Of(string text)
    {
        byte[] comment = [.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes(text)];
        // Two directories of one entry each, from byte 8 of the TIFF on, then the comment.
        const int first = 8, length = 2 + EntryLength + 4;
        return
        [
            .. "Exif\0\0MM\0*"u8, .. Four(first),
            .. Directory(ExifDirectory, Long, 1, first + length),
            .. Directory(UserComment, Undefined, comment.Length, first + 2 * length),
            .. comment,
        ];
    }

    /// <summary>The text of a block, with or without "Exif" before it; null if there is none, or the block is damaged.</summary>
    public static string? Read(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith("Exif\0\0"u8)) exif = exif[6..];
        bool isBig = exif.StartsWith("MM"u8);
        if (exif.Length < 8 || !isBig && !exif.StartsWith("II"u8)) return null;
        if (Entry(exif, Number(exif[4..], isBig), ExifDirectory, isBig) is not { } directory) return null;
        if (Entry(exif, directory.Value, UserComment, isBig) is not { } entry) return null;
        bool isWhole = entry.Count >= LettersLength && entry.Value + (long)entry.Count <= exif.Length;
        return isWhole ? Text(exif.Slice((int)entry.Value, (int)entry.Count)) : null;
    }

    static string? Text(ReadOnlySpan<byte> comment)
    {
        var letters = comment[..LettersLength];
        var words = comment[LettersLength..];
        string text = letters.StartsWith("UNICODE"u8) ? Utf16(words)
            : letters.StartsWith("ASCII"u8) || letters.IndexOfAnyExcept((byte)0) < 0 ? Encoding.UTF8.GetString(words)
            : Encoding.UTF8.GetString(comment);
        text = text.Trim('\0', ' ');
        return text.Length > 0 ? text : null;
    }

    // Some write it the other way round: of the two bytes of most letters of texts of this kind, one is zero.
    static string Utf16(ReadOnlySpan<byte> words)
    {
        int high = 0, low = 0;
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            if (words[i] == 0) high++;
            if (words[i + 1] == 0) low++;
        }
        return (low > high ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(words);
    }

    static (uint Count, uint Value)? Entry(ReadOnlySpan<byte> tiff, uint directory, ushort tag, bool isBig)
    {
        if (directory + 2L > tiff.Length) return null;
        var entries = tiff[(int)directory..];
        int count = Short(entries, isBig);
        for (int i = 0; i < count && 2 + (i + 1) * EntryLength <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + i * EntryLength, EntryLength);
            if (Short(entry, isBig) == tag) return (Number(entry[4..], isBig), Number(entry[8..], isBig));
        }
        return null;
    }

    static byte[] Directory(ushort tag, ushort type, int count, int value) =>
        [0, 1, .. Two(tag), .. Two(type), .. Four(count), .. Four(value), 0, 0, 0, 0];

    static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];

    static byte[] Four(int value) => [.. Two(value >> 16), .. Two(value)];

    static ushort Short(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    static uint Number(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
