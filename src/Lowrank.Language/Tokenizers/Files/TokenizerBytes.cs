using System.Text;
using System.Text.Json;

namespace Lowrank.Language;

/// <summary>The bytes of a tokenizer's files.</summary>
static class TokenizerBytes
{
    // The largest that is published, Gemma 3's tokenizer.json, has 33 MB.
    const long LongestFile = 512L << 20;

    /// <summary>A file's bytes.</summary>
    /// <exception cref="LowrankException">It is missing, unreadable or far too long.</exception>
    public static byte[] Of(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} is missing. Is the folder a whole tokenizer, downloaded to the end?");
        FileKind.RequireRegular(path);
        try
        {
            long length = new FileInfo(path).Length;
            if (length > LongestFile)
                throw new LowrankException(
                    $"{path} has {length} bytes, and a tokenizer's file {LongestFile} at most. Is it something else?");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {JsonFault.Of(error)}", error);
        }
    }

    /// <summary>A file's text.</summary>
    /// <exception cref="LowrankException">It is missing, unreadable, far too long or no text.</exception>
    public static string TextOf(string path) => TextFile.Of(Of(path), path);

    /// <summary>A file's lines, without their ends; blank ones too.</summary>
    public static IEnumerable<string> LinesOf(string path)
    {
        using var reader = new StringReader(TextOf(path));
        while (reader.ReadLine() is { } line) yield return line;
    }

    /// <summary>What a file's JSON becomes; the document lives while it is read.</summary>
    /// <exception cref="LowrankException">The file holds no JSON, or text that is none.</exception>
    public static T ReadJson<T>(string path, Func<JsonElement, T> read) => ReadJson(Of(path), path, read);

    /// <summary>The same, of bytes.</summary>
    public static T ReadJson<T>(ReadOnlyMemory<byte> bytes, string place, Func<JsonElement, T> read)
    {
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new LowrankException(
                $"{place} cannot be read as JSON: {JsonFault.Of(error)} Download the file again, or mend it.", error);
        }
    }
}
