namespace Lowrank.Language;

/// <summary>What a model's README says of it before its text begins: names with a value or a list each.</summary>
sealed class ModelCard
{
    const string File = "README.md", Fence = "---";

    readonly Dictionary<string, List<string>> fields = [];

    ModelCard() { }

    /// <summary>A folder's; without a word where there is none.</summary>
    /// <param name="sources">The folder's files; what is not understood is noted there.</param>
    public static ModelCard In(TokenizerSources sources)
    {
        var card = new ModelCard();
        string path = sources.Path(File);
        if (!System.IO.File.Exists(path)) return card;
        string[] all = System.IO.File.ReadAllLines(path);
        if (all is not [Fence, ..]) return card;
        string? field = null;
        var strange = new List<string>();
        foreach (string line in all.Skip(1).TakeWhile(line => line != Fence).Where(line => line.Trim().Length > 0))
        {
            string trimmed = line.Trim();
            bool isItem = trimmed.StartsWith("- ", StringComparison.Ordinal), isInner = char.IsWhiteSpace(line[0]) && !isItem;
            int colon = trimmed.IndexOf(':', StringComparison.Ordinal);
            if (trimmed[0] == '#') continue;
            if (isItem && field is not null) card.fields[field].Add(Plain(trimmed[2..]));
            else if (!isInner && !isItem && colon > 0) field = card.Begin(trimmed[..colon], trimmed[(colon + 1)..]);
            else strange.Add(trimmed);
        }
        if (strange.Count > 0)
        {
            string lines = strange.Count == 1 ? "the line" : $"{strange.Count} lines, the first";
            sources.Notes.Add($"of {path} {lines} \"{strange[0]}\", {(strange.Count == 1 ? "is" : "are")} not understood and not written.");
        }
        return card;
    }

    string Begin(string name, string value)
    {
        value = value.Trim();
        bool isList = value.StartsWith('[') && value.EndsWith(']');
        string[] values = isList ? value[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries) : [value];
        fields[name] = [.. values.Select(Plain).Where(one => one.Length > 0)];
        return name;
    }

    static string Plain(string value)
    {
        string text = value.Trim();
        bool isQuoted = text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0];
        return isQuoted ? text[1..^1] : text;
    }

    /// <summary>The value of the first of some names that is there; null where none is.</summary>
    public string? One(params string[] names) => All(names) is [var first, ..] ? first : null;

    /// <summary>The values of the first of some names that is there.</summary>
    public IReadOnlyList<string> All(params string[] names) =>
        names.Select(name => fields.GetValueOrDefault(name)).FirstOrDefault(values => values is { Count: > 0 }) ?? [];
}
