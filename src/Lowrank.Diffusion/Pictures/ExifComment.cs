using System.Text;

namespace Lowrank.Diffusion;

/// <summary>The UserComment of a block of EXIF, where JPEG, WebP and AVIF keep a picture's text.</summary>
/// <remarks>
/// Exif 2.32, 4.6.5: eight bytes name the letters, UNICODE being UTF-16 in the block's byte order. piexif, which AUTOMATIC1111 writes
/// with, takes the order of networks always.
/// </remarks>
public static class ExifComment
{
    const ushort UserComment = 0x9286;

    const int LettersLength = 8;

    /// <summary>A block that holds a text, and beside it ComfyUI's graphs.</summary>
    /// <param name="text">The text; empty for none.</param>
    /// <param name="graphs">JSON by its keyword, <c>prompt</c> or <c>workflow</c>; null for none.</param>
    public static byte[] Of(string text, IEnumerable<KeyValuePair<string, string>>? graphs = null)
    {
        byte[] comment = [.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes(text)];
        var first = ExifGraphs.Entries(graphs ?? []).Select(entry => (entry.Tag, ExifEntry.Letters, Zeroed(entry.Text)));
        return ExifBlock.Of([.. first], text.Length == 0 ? [] : [(UserComment, ExifEntry.Undefined, comment)]);
    }

    static byte[] Zeroed(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>The text of a block, with or without "Exif" before it; null if there is none, or the block is damaged.</summary>
    public static string? Read(ReadOnlySpan<byte> exif)
    {
        var block = new ExifBlock(exif);
        foreach (var entry in block.Second)
            if (entry.Tag == UserComment && block.Bytes(entry) is { Length: >= LettersLength } comment) return Text(comment);
        return null;
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
}
