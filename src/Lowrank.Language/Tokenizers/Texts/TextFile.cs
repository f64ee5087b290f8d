using System.Text;

namespace Lowrank.Language;

/// <summary>Files of text as they come: UTF-8 with or without its mark, and UTF-16 with its own.</summary>
public static class TextFile
{
    // The largest text file that is read whole.
    const long Longest = 1L << 30;

    /// <summary>The text of a file.</summary>
    /// <exception cref="LowrankException">It is missing, unreadable, too long or no text.</exception>
    public static string Read(string path)
    {
        if (!File.Exists(path))
        {
            string what = Directory.Exists(path) ? "is a folder, not a file of data. Give one of its files."
                : $"does not exist{NearestFiles.Told(path)}. Is the path right?";
            throw new LowrankException($"{path} {what}");
        }
        try
        {
            if (new FileInfo(path).Length is > Longest and var length)
                throw new LowrankException($"{path} has {length} bytes, and {Longest} are read at most. Split the file.");
            return Text(path, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What a stream holds, such as the standard input.</summary>
    /// <param name="stream">The stream, read to its end.</param>
    /// <param name="place">What errors call it: "the standard input".</param>
    /// <exception cref="LowrankException">It is too long or no text.</exception>
    public static string Read(Stream stream, string place)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var read = new MemoryStream();
        byte[] piece = new byte[1 << 16];
        for (int count; (count = stream.Read(piece)) > 0; read.Write(piece, 0, count))
            if (read.Length + count > Longest)
                throw new LowrankException($"{place} has more than {Longest} bytes, which are read at most. Give less at once.");
        return Text(place, read.ToArray());
    }

    /// <summary>The text of bytes that were read.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="place">What errors call them.</param>
    /// <param name="mayBeMarked">Whether a byte order mark may stand before them, as at the beginning; elsewhere they are UTF-8.</param>
    /// <exception cref="LowrankException">They are no text.</exception>
    public static string Of(byte[] bytes, string place, bool mayBeMarked = true)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return mayBeMarked ? Text(place, bytes) : Utf8(place, bytes, 0);
    }

    /// <summary>The lines with their numbers from 1, without line ends (\n, \r\n); empty ones are left out.</summary>
    internal static IEnumerable<(int Number, string Text)> Lines(string text)
    {
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string bare = line.EndsWith('\r') ? line[..^1] : line;
            if (!string.IsNullOrWhiteSpace(bare)) yield return (number, bare);
        }
    }

    static string Text(string path, byte[] bytes)
    {
        if (bytes is [0xff, 0xfe, ..]) return Decoded(path, bytes, 2,
            new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true));
        if (bytes is [0xfe, 0xff, ..]) return Decoded(path, bytes, 2,
            new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true));
        return Utf8(path, bytes, bytes is [0xef, 0xbb, 0xbf, ..] ? 3 : 0);
    }

    static string Utf8(string path, byte[] bytes, int mark)
    {
        if (bytes.AsSpan(0, Math.Min(bytes.Length, 4096)).Contains((byte)0))
            throw new LowrankException($"{path} has bytes of zero: UTF-16 without a byte order mark, or no text. Give it as UTF-8.");
        return Decoded(path, bytes, mark, new UTF8Encoding(false, throwOnInvalidBytes: true));
    }

    static string Decoded(string path, byte[] bytes, int mark, Encoding encoding)
    {
        try
        {
            return encoding.GetString(bytes, mark, bytes.Length - mark);
        }
        catch (DecoderFallbackException error)
        {
            int at = mark + Math.Max(0, error.Index);
            int line = bytes.AsSpan(0, Math.Min(at, bytes.Length)).Count((byte)'\n') + 1;
            string where = bytes.Contains((byte)'\n') ? $", in line {line}," : "";
            throw new LowrankException($"{path} is no {encoding.WebName.ToUpperInvariant()} text: byte {at}{where} begins no character. " +
                "Give it as UTF-8.", error);
        }
    }
}
