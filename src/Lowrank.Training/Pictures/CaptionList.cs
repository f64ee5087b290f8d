using System.Text.Json;

namespace Lowrank.Training;

/// <summary>Captions in a list beside the pictures: metadata.jsonl, a line of JSON with file_name and text for each.</summary>
/// <remarks>Hugging Face's imagefolder, huggingface.co/docs/datasets/image_dataset.</remarks>
static class CaptionList
{
    /// <summary>The list's name.</summary>
    public const string Name = "metadata.jsonl";

    static readonly string[] captions = ["caption", "text", "prompt"];

    /// <summary>Where a caption may stand, as errors tell it.</summary>
    public static string Words { get; } = WordList.Prose([.. captions.Select(word => $"\"{word}\"")]);

    /// <summary>The caption of an object; null where it has none.</summary>
    public static string? CaptionIn(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        foreach (var word in captions)
            if (element.TryGetProperty(word, out var text) && text.ValueKind == JsonValueKind.String) return text.GetString();
        return null;
    }

    /// <summary>Reads a folder's list.</summary>
    /// <param name="folder">The folder; without a list, nothing is read.</param>
    /// <param name="listed">Gets the captions by full path of the picture.</param>
    /// <param name="account">Told of lines that say nothing of a picture.</param>
    /// <exception cref="LowrankException">A line is no JSON, or the file no UTF-8 text.</exception>
    public static void Read(string folder, Dictionary<string, string> listed, Account account)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return;
        List<string> silent = [], absent = [], empty = [], faults = [], again = [];
        foreach (var (index, line) in Captions.TextIn(path).Split('\n').Index())
        {
            if (line.Trim().Length == 0) continue;
            var (file, caption, fault) = EntryOf(path, index + 1, line);
            if (fault is not null) faults.Add(fault);
            else if (file is null || caption is null) silent.Add($"{index + 1}");
            else if (!File.Exists(Path.Combine(folder, file))) absent.Add(file);
            else if (caption.Trim().Length == 0) empty.Add($"{file} (line {index + 1})");
            else if (!Take(Path.GetFullPath(Path.Combine(folder, file)), caption.Trim())) again.Add($"{file} (line {index + 1})");
        }
        if (faults.Count > 0) throw new LowrankException(string.Join("; ", faults));
        if (again.Count > 0)
            account.Leaves("captions_doubled", $"{path} tells another caption of a picture, and the last counts: {Listing.Of(again)}");
        if (empty.Count > 0)
            account.Leaves("captions_empty", $"{path} tells of pictures with an empty text, which is no caption: {Listing.Of(empty)}");
        if (silent.Count > 0)
            account.Leaves("captions_unread", $"lines of {path} without a file_name or a text under {Words}: {Listing.Of(silent)}");
        if (absent.Count > 0) account.Leaves("captions_alone", $"{path} tells of pictures that are not there: {Listing.Of(absent)}");

        // The newest counts; false where another was there.
        bool Take(string picture, string caption)
        {
            bool isNew = !listed.TryGetValue(picture, out var other) || other == caption;
            listed[picture] = caption;
            return isNew;
        }
    }

    static (string? File, string? Caption, string? Fault) EntryOf(string path, int line, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            bool named = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("file_name", out _);
            return (named ? root.GetProperty("file_name").ToString() : null, CaptionIn(root), null);
        }
        catch (JsonException error)
        {
            return (null, null, $"line {line} of {path} is no JSON: {error.Message}");
        }
    }
}
