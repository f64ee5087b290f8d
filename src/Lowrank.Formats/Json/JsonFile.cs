using System.Text;
using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Small JSON files that lie beside tensors: configurations, indexes of shards, vocabularies.</summary>
public static class JsonFile
{
    // A tokenizer's vocabulary has 1 MB, an index of 100,000 tensors 12 MB.
    const int LongestFile = 16 << 20;

    /// <summary>The object that the file holds, checked whole: every string in it is text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="duplicates">Whether a name may stand twice in an object; the last one counts, as Python has it.</param>
    /// <exception cref="LowrankException">The file is missing or unreadable, or holds something else.</exception>
    public static JsonElement Object(string path, bool duplicates = true)
    {
        if (!File.Exists(path))
            throw new LowrankException($"{path} is missing. Is the folder a whole one, downloaded to the end?");
        FileKind.RequireRegular(path);
        try
        {
            if (new FileInfo(path).Length is > LongestFile and var length)
                throw new LowrankException($"{path} has {length} bytes, and JSON that is read has {LongestFile} at most.");
            ReadOnlyMemory<byte> json = File.ReadAllBytes(path);
            if (json.Span.StartsWith(Encoding.UTF8.Preamble)) json = json[Encoding.UTF8.Preamble.Length..];
            json = BareNumbers.Quoted(json);
            using var document = StrictJson.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = duplicates });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LowrankException($"{path} cannot be read as JSON: {JsonFault.Of(error)} Download the file again.", error);
        }
        throw new LowrankException($"{path} holds JSON, but not an object. Download the file again.");
    }

    /// <summary>The object that the file holds, or null if there is no such file.</summary>
    public static JsonElement? ObjectIfThere(string path) => File.Exists(path) ? Object(path) : null;
}
