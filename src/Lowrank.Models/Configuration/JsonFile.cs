using System.Text.Json;

namespace Lowrank.Models;

/// <summary>JSON files of a model folder, with errors that name them.</summary>
static class JsonFile
{
    /// <summary>The object that the file holds.</summary>
    /// <exception cref="LowrankException">The file is missing or unreadable, or holds something else.</exception>
    public static JsonElement Object(string path)
    {
        if (!File.Exists(path))
            throw new LowrankException($"{path} is missing. Is the folder a whole diffusers model, downloaded to the end?");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LowrankException($"{path} cannot be read as JSON: {error.Message} Download the file again.", error);
        }
        throw new LowrankException($"{path} holds JSON, but not an object. Download the file again.");
    }

    /// <summary>The object that the file holds, or null if there is no such file.</summary>
    public static JsonElement? ObjectIfThere(string path) => File.Exists(path) ? Object(path) : null;
}
