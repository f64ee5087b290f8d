namespace Lowrank.Diffusion;

/// <summary>The styles of a <c>styles.csv</c>.</summary>
/// <param name="Styles">Each name once, where it came first, with what came last.</param>
/// <param name="Notes">What of the file was not read, a sentence each.</param>
/// <remarks>
/// Columns are name, prompt (in old files text) and negative_prompt; rows whose name begins with # are comments. Source: AUTOMATIC1111
/// modules/styles.py at 82a973c.
/// </remarks>
public sealed record StyleSheet(IReadOnlyList<PromptStyle> Styles, IReadOnlyList<string> Notes)
{
    /// <summary>No styles.</summary>
    public static StyleSheet Empty { get; } = new([], []);

    /// <summary>The file; null where it was none.</summary>
    public string? Path { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="LowrankException">It is missing, or is no UTF-8 text.</exception>
    public static StyleSheet ReadFile(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist. It was to hold styles.");
        try
        {
            var sheet = Read(File.ReadAllText(path, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true)));
            return sheet with { Path = path, Notes = [.. sheet.Notes.Select(note => $"{path}: {note}")] };
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"The styles of {path} cannot be read: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Text.DecoderFallbackException)
        {
            throw new LowrankException($"The styles {path} cannot be read: {error.Message} Is it a CSV file in UTF-8?", error);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="LowrankException">A quote is not closed.</exception>
    public static StyleSheet Read(string text)
    {
        var rows = CsvRows.Read(text.TrimStart('\uFEFF'), closesQuotes: true).ToList();
        if (rows.Count == 0) return Empty;
        List<string> header = [.. rows[0]];
        int name = header.LastIndexOf("name"), negative = header.LastIndexOf("negative_prompt");
        int prompt = header.LastIndexOf("prompt") is >= 0 and var column ? column : header.LastIndexOf("text");
        if (name < 0 || prompt < 0)
            return new([], [$"no styles are read, for its first row names {string.Join(", ", header)}; " +
                "it must name the columns name, prompt and negative_prompt, with commas between."]);
        var (styles, notes) = (new OrderedDictionary<string, PromptStyle>(), new List<string>());
        notes.AddRange(NotesOn(header, name, prompt, negative));
        foreach (var row in rows.Skip(1))
        {
            if (row.ElementAtOrDefault(name) is not { } called)
            {
                notes.Add($"a row of {row.Count} cells has no name, and is not read.");
                continue;
            }
            if (called.StartsWith('#')) continue;
            if (row.Count > header.Count)
                notes.Add($"the style \"{called}\" has {row.Count} cells where the header names {header.Count}; " +
                    $"not read: {string.Join(", ", row.Skip(header.Count))}.");
            if (row.Count < header.Count)
                notes.Add($"the style \"{called}\" has {row.Count} cells where the header names {header.Count}; " +
                    $"taken as empty: {string.Join(", ", header.Skip(row.Count))}.");
            if (styles.ContainsKey(called)) notes.Add($"there are two styles \"{called}\"; the later one is read.");
            styles[called] = new(called, row.ElementAtOrDefault(prompt), negative < 0 ? "" : row.ElementAtOrDefault(negative));
        }
        return new([.. styles.Values], notes);
    }

    static IEnumerable<string> NotesOn(List<string> header, int name, int prompt, int negative)
    {
        int[] read = [name, prompt, negative];
        var others = header.Where((_, column) => !read.Contains(column)).ToList();
        if (others.Count > 0) yield return $"its first row names what styles do not have, and is not read: {string.Join(", ", others)}.";
        if (negative < 0) yield return "its first row names no column negative_prompt, so that no style has a negative prompt.";
    }

    /// <summary>These styles, in the order asked for.</summary>
    /// <exception cref="LowrankException">One is not there; the nearest names are told.</exception>
    public IReadOnlyList<PromptStyle> Named(IEnumerable<string> names)
    {
        var all = Styles.Select(style => style.Name).ToList();
        string place = Path is null ? "" : $" in {Path}";
        return [.. names.Select(name => Find(name) ?? throw new LowrankException(all.Count == 0
            ? $"There is no style \"{name}\"{place}, nor any other. {string.Join(" ", Notes)}".TrimEnd()
            : $"There is no style \"{name}\"{place} ({NearestNames.Told(name, all)})."))];
    }

    /// <summary>Both prompts with styles, one after the other. Names that are not there add nothing, as in the web UI.</summary>
    public (string Prompt, string NegativePrompt) Apply(string prompt, string negativePrompt, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            var style = Find(name);
            prompt = PromptStyle.Merge(style?.Prompt ?? "", prompt);
            negativePrompt = PromptStyle.Merge(style?.NegativePrompt ?? "", negativePrompt);
        }
        return (prompt, negativePrompt);
    }

    /// <summary>Which of the names are not there, a sentence each.</summary>
    public IEnumerable<string> NotKnown(IEnumerable<string> names) => names.Where(name => Find(name) is null).Select(name =>
        $"There is no style \"{name}\", so that nothing is added to the prompts for it, as in AUTOMATIC1111.");

    /// <summary>Takes every style out of prompts that have its words, the last one applied first.</summary>
    /// <returns>The styles' names in the order in which they give the prompts again, and what is left.</returns>
    public (IReadOnlyList<string> Names, string Prompt, string NegativePrompt) Extract(string prompt, string negativePrompt)
    {
        var (left, found) = (Styles.ToList(), new List<string>());
        while (left.Find(style => style.Without(prompt, negativePrompt) is not null) is { } style)
        {
            (prompt, negativePrompt) = style.Without(prompt, negativePrompt)!.Value;
            left.Remove(style);
            found.Insert(0, style.Name);
        }
        return (found, prompt, negativePrompt);
    }

    PromptStyle? Find(string name) => Styles.FirstOrDefault(style => style.Name == name);
}
