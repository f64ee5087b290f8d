using System.Text.Json;

namespace Lowrank.Training;

/// <summary>
/// Captions in a list beside the pictures: metadata.jsonl, a line of JSON with file_name and text for each, or metadata.csv with such
/// columns.
/// </summary>
/// <remarks>Hugging Face's imagefolder, huggingface.co/docs/datasets/image_dataset.</remarks>
static class CaptionList
{
    const string Json = "metadata.jsonl", Csv = "metadata.csv", FileName = "file_name";

    /// <summary>The names that a list may have.</summary>
    public static IReadOnlyList<string> Names { get; } = [Json, Csv];

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

    /// <summary>Reads a folder's lists.</summary>
    /// <param name="folder">The folder; without a list, nothing is read.</param>
    /// <param name="listed">Gets the captions by full path of the picture.</param>
    /// <param name="account">Told of lines that say nothing of a picture.</param>
    /// <exception cref="LowrankException">A line cannot be read, or the file is no UTF-8 text.</exception>
    public static void Read(string folder, Dictionary<string, ListedCaption> listed, Account account)
    {
        foreach (var name in Names)
            if (File.Exists(Path.Combine(folder, name))) Read(folder, name, listed, account);
    }

    static void Read(string folder, string name, Dictionary<string, ListedCaption> listed, Account account)
    {
        string path = Path.Combine(folder, name), text = Captions.TextIn(path);
        List<string> silent = [], absent = [], empty = [], faults = [], again = [];
        foreach (var (line, file, caption, fault) in name == Json ? JsonEntries(path, text) : CsvEntries(path, text))
        {
            if (fault is not null) faults.Add(fault);
            else if (file is null || caption is null) silent.Add($"{line}");
            else if (!File.Exists(Path.Combine(folder, file))) absent.Add(file);
            else if (caption.Trim().Length == 0) empty.Add($"{file} (line {line})");
            else if (!Take(Path.GetFullPath(Path.Combine(folder, file)), caption.Trim())) again.Add($"{file} (line {line})");
        }
        if (faults.Count > 0) throw new LowrankException(string.Join("; ", faults));
        if (again.Count > 0)
            account.Leaves("captions_doubled", $"{path} tells another caption of a picture, and the last counts: {Listing.Of(again)}");
        if (empty.Count > 0)
            account.Leaves("captions_empty", $"{path} tells of pictures with an empty text, which is no caption: {Listing.Of(empty)}");
        if (silent.Count > 0)
            account.Leaves("captions_unread", $"lines of {path} without a {FileName} or a text under {Words}: {Listing.Of(silent)}");
        if (absent.Count > 0) account.Leaves("captions_alone", $"{path} tells of pictures that are not there: {Listing.Of(absent)}");

        // The newest counts; false where another was there.
        bool Take(string picture, string caption)
        {
            bool isNew = !listed.TryGetValue(picture, out var other) || other.Text == caption;
            listed[picture] = new(name, caption);
            return isNew;
        }
    }

    static IEnumerable<(int Line, string? File, string? Caption, string? Fault)> JsonEntries(string path, string text)
    {
        foreach (var (index, line) in text.Split('\n').Index())
            if (line.Trim().Length > 0) yield return JsonEntry(path, index + 1, line);
    }

    static (int Line, string? File, string? Caption, string? Fault) JsonEntry(string path, int line, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            bool named = root.ValueKind == JsonValueKind.Object && root.TryGetProperty(FileName, out _);
            return (line, named ? root.GetProperty(FileName).ToString() : null, CaptionIn(root), null);
        }
        catch (JsonException error)
        {
            return (line, null, null, $"line {line} of {path} is no JSON: {error.Message}");
        }
    }

    // The first row names the columns.
    static List<(int Line, string? File, string? Caption, string? Fault)> CsvEntries(string path, string text)
    {
        try
        {
            List<string> columns = [];
            var entries = new List<(int Line, string? File, string? Caption, string? Fault)>();
            foreach (var (line, cells) in CommaSeparated.Rows(text))
            {
                if (columns.Count == 0) columns = [.. cells.Select(cell => cell.Trim())];
                else entries.Add((line, In(cells, FileName), CaptionOf(cells), null));
            }
            return entries;

            string? CaptionOf(IReadOnlyList<string> cells) =>
                captions.Select(word => In(cells, word)).FirstOrDefault(told => told is not null);

            string? In(IReadOnlyList<string> cells, string column) =>
                columns.IndexOf(column) is >= 0 and var place && place < cells.Count ? cells[place] : null;
        }
        catch (LowrankException error)
        {
            return [(0, null, null, $"{path} cannot be read as comma-separated values: {error.Message}")];
        }
    }
}

/// <summary>A caption that a list tells of a picture.</summary>
/// <param name="From">The list's name.</param>
/// <param name="Text">The caption.</param>
readonly record struct ListedCaption(string From, string Text);
