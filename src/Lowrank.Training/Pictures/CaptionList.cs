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

    /// <summary>The texts of an object that may be its caption, the one that counts first.</summary>
    public static IReadOnlyList<string> TextsIn(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return [];
        var fields = element.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String).ToList();
        return [.. captions.SelectMany(word => fields.Where(field => field.NameEquals(word))).Select(field => field.Value.GetString()!)];
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
        string path = Path.Combine(folder, name), text = Captions.TextIn(path, "list of captions");
        List<string> silent = [], absent = [], empty = [], again = [], others = [];
        foreach (var (line, file, caption) in name == Json ? JsonEntries(path, text) : CsvEntries(path, text))
        {
            if (file is null || caption.Text is null) silent.Add($"{line}");
            else if (!File.Exists(Path.Combine(folder, file))) absent.Add(file);
            else if (caption.Text.Length == 0) empty.Add($"{file} (line {line})");
            else if (!Take(Path.GetFullPath(Path.Combine(folder, file)), caption.Text)) again.Add($"{file} (line {line})");
            if (file is not null && caption.Other is not null) others.Add($"{file} (line {line})");
        }
        if (again.Count > 0)
            account.Leaves("captions_doubled", $"{path} tells another caption of a picture, and the last counts: {Listing.Of(again)}");
        if (others.Count > 0)
            account.Leaves("captions_beside", $"{path} has several texts for a picture under {Words}, and the first of these counts: " +
                Listing.Of(others));
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

    static List<(int Line, string? File, ListedText Caption)> JsonEntries(string path, string text)
    {
        var entries = new List<(int Line, string? File, ListedText Caption)>();
        var faults = new List<string>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.Trim().Length == 0) continue;
            try
            {
                using var document = StrictJson.Parse(line);
                var root = document.RootElement;
                bool named = root.ValueKind == JsonValueKind.Object && root.TryGetProperty(FileName, out _);
                entries.Add((index + 1, named ? root.GetProperty(FileName).ToString() : null, ListedText.Of(TextsIn(root))));
            }
            catch (JsonException error)
            {
                faults.Add($"line {index + 1} of {path} is no JSON: {JsonFault.Of(error)}");
            }
        }
        if (faults.Count > 0) throw new LowrankException(string.Join("; ", faults));
        return entries;
    }

    // The first row names the columns.
    static List<(int Line, string? File, ListedText Caption)> CsvEntries(string path, string text)
    {
        try
        {
            List<string> columns = [];
            var entries = new List<(int Line, string? File, ListedText Caption)>();
            var faults = new List<string>();
            foreach (var (line, cells) in CommaSeparated.Rows(text))
            {
                if (columns.Count == 0) columns = [.. cells.Select(cell => cell.Trim())];
                else if (cells.Count > columns.Count)
                    faults.Add($"line {line} has {cells.Count} cells, and the header names {columns.Count}");
                else entries.Add((line, In(cells, FileName).FirstOrDefault(), CaptionOf(cells)));
            }
            if (faults.Count > 0) throw new LowrankException($"{Listing.Of(faults)}: put a text with commas in quotes");
            return entries;

            ListedText CaptionOf(IReadOnlyList<string> cells) => ListedText.Of([.. captions.SelectMany(word => In(cells, word))]);

            IEnumerable<string> In(IReadOnlyList<string> cells, string column) =>
                columns.Zip(cells).Where(pair => pair.First == column).Select(pair => pair.Second);
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{path} cannot be read as comma-separated values: {error.Message}", error);
        }
    }
}

/// <summary>A caption that a list tells of a picture.</summary>
/// <param name="From">The list's name.</param>
/// <param name="Text">The caption.</param>
readonly record struct ListedCaption(string From, string Text);

/// <summary>What stands where a caption may stand.</summary>
/// <param name="Text">The first that is not blank, without blanks around it; empty where all are blank, null where none is there.</param>
/// <param name="Other">A text that differs from it and is not used; null where there is none.</param>
readonly record struct ListedText(string? Text, string? Other)
{
    /// <summary>Of all that stands there, the one that counts first.</summary>
    public static ListedText Of(IReadOnlyList<string> texts)
    {
        string[] filled = [.. texts.Select(text => text.Trim()).Where(text => text.Length > 0).Distinct()];
        if (filled.Length > 0) return new(filled[0], filled.ElementAtOrDefault(1));
        return new(texts.Count == 0 ? null : "", null);
    }
}
