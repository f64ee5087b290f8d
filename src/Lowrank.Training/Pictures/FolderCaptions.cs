using System.Text.Json;

namespace Lowrank.Training;

/// <summary>The captions of a folder's pictures, wherever they stand.</summary>
/// <remarks>
/// In this order: a file of the picture's name that ends in .txt, in .caption, or in .json with a "caption", in any case of letters;
/// then a line of metadata.jsonl or metadata.csv (Hugging Face's imagefolder) in the folder or above it. A file with nothing in it hides
/// no other.
/// </remarks>
sealed class FolderCaptions
{
    readonly Dictionary<string, List<string>> files = [];
    readonly Dictionary<string, ListedCaption> listed;
    readonly HashSet<string> taken = [];

    /// <summary>Looks at a folder's names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="listed">Captions by full path of the picture, from lists in the folder or above it.</param>
    public FolderCaptions(string folder, Dictionary<string, ListedCaption> listed)
    {
        this.listed = listed;
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (PictureEndings.IsHidden(path) || !Captions.IsCaption(path)) continue;
            string stem = Path.GetFileNameWithoutExtension(path);
            if (!files.TryGetValue(stem, out var beside)) files[stem] = beside = [];
            beside.Add(path);
        }
    }

    /// <summary>Caption files that stand beside no picture that was asked for.</summary>
    public IEnumerable<string> Alone => files.Where(pair => !taken.Contains(pair.Key)).SelectMany(pair => pair.Value);

    /// <summary>The caption of a picture.</summary>
    /// <exception cref="LowrankException">A file is no UTF-8 text, or no JSON.</exception>
    public FoundCaption Of(string picture)
    {
        string stem = Path.GetFileNameWithoutExtension(picture);
        taken.Add(stem);
        var texts = new List<(string From, string Text)>();
        List<string> unread = [], empty = [];
        foreach (var path in files.GetValueOrDefault(stem, []).OrderBy(Captions.RankOf))
        {
            var (text, other) = TextOf(path, unread);
            if (text is { Length: > 0 }) texts.Add((path, text));
            else if (text is not null) empty.Add($"{path} is empty");
            if (other is not null) texts.Add(($"another text in {path}", other));
        }
        if (listed.TryGetValue(Path.GetFullPath(picture), out var line)) texts.Add((line.From, line.Text));
        if (texts.Count == 0) return new(null, false, [], [.. unread, .. empty]);
        string first = texts[0].Text;
        string[] passed = [.. texts.Skip(1).Where(other => other.Text != first).Select(other => $"{other.From} (of {picture})")];
        return new(Captions.FirstLine(first).Trim(), first.Contains('\n'), passed, unread);
    }

    static (string? Text, string? Other) TextOf(string path, List<string> unread)
    {
        string text = Captions.TextIn(path);
        if (!Captions.IsJson(path) || text.Length == 0) return (text, null);
        try
        {
            using var document = StrictJson.Parse(text);
            var found = ListedText.Of(CaptionList.TextsIn(document.RootElement));
            if (found.Text is null) unread.Add($"{path} holds no text under {CaptionList.Words}");
            return (found.Text, found.Other);
        }
        catch (JsonException error)
        {
            throw new LowrankException($"the caption {path} is no JSON: {JsonFault.Of(error)}", error);
        }
    }
}
