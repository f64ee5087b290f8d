using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>What a model's name tells of it, by llama.cpp's rules: "someone/Tiny-Chat-0.5B-v2" has an organization, a base name, what it
/// was tuned for, a version and a size.</summary>
/// <remarks>Source: gguf-py's metadata.py in ggml-org/llama.cpp.</remarks>
sealed partial record ModelName
{
    enum Kind { Plain, Version, Type, Size, Tuning }

    sealed class Part(string text)
    {
        public string Text { get; set; } = text;
        public Kind Kind { get; set; }
        public bool IsBase { get; set; }
    }

    /// <summary>The name without the organization; null where nothing was given.</summary>
    public string? Name { get; private init; }

    /// <summary>Whose it is.</summary>
    public string? Organization { get; private init; }

    /// <summary>What its kin are called.</summary>
    public string? Base { get; private init; }

    /// <summary>What it was tuned for.</summary>
    public string? Tuning { get; private init; }

    /// <summary>Its version.</summary>
    public string? Version { get; private init; }

    /// <summary>Its size.</summary>
    public string? Size { get; private init; }

    /// <summary>Takes a name apart.</summary>
    /// <param name="name">The name, with or without an organization before a slash.</param>
    /// <param name="parameters">How many parameters the model has: a size that is far from it is a length of texts.</param>
    public static ModelName Of(string? name, long parameters)
    {
        if (name is null) return new();
        if (name.Contains(' ', StringComparison.Ordinal)) return new() { Name = name };
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string? organization = slash < 0 || name[0] == '.' ? null : name[..slash];
        string own = name[(slash + 1)..];
        List<Part> parts = [.. own.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(text => new Part(text))];
        for (int place = 0; place < parts.Count; place++) Tell(parts[place], place, parameters);
        WordsAreNoSizesBesideNumbers(parts);
        FindBase(parts);
        var (size, tuning) = (Joined(parts, Kind.Size), Joined(parts, Kind.Tuning));
        string? version = Text(parts.Where(part => part.Kind == Kind.Version && !part.IsBase));
        bool isTold = size is not null || tuning is not null || version is not null;
        return new()
        {
            Name = own, Organization = organization, Size = size, Tuning = tuning, Version = version,
            Base = isTold ? Text(parts.Where(part => part.IsBase)) : null,
        };
    }

    static void Tell(Part part, int place, long parameters)
    {
        if (Versions().IsMatch(part.Text)) part.Kind = Kind.Version;
        else if (Types().IsMatch(part.Text)) (part.Kind, part.Text) = (Kind.Type, part.Text.ToUpperInvariant());
        else if (place > 0 && Sizes().IsMatch(part.Text)) TellSize(part, parameters);
        else if (place > 0 && Tunings().IsMatch(part.Text)) part.Kind = Kind.Tuning;
    }

    static void TellSize(Part part, long parameters)
    {
        string text = part.Text.Replace('_', '.');
        if (char.IsDigit(text[^1])) text = $"{text[..^2]}.{text[^1]}{text[^2]}";   // bloom-7b1
        bool endsInUnit = text.Length > 1 && char.IsDigit(text[^2]);
        if (endsInUnit) text = text[..^1] + char.ToUpperInvariant(text[^1]);
        part.Kind = Kind.Size;
        if (SizeLabel.Count(text) is { } told && Math.Abs(told - parameters) > 7 * parameters / 8)
        {
            part.Kind = Kind.Tuning;   // a length of texts
            text = text[..^1] + char.ToLowerInvariant(text[^1]);
        }
        part.Text = text;
    }

    static void WordsAreNoSizesBesideNumbers(List<Part> parts)
    {
        var sizes = parts.Where(part => part.Kind == Kind.Size).ToList();
        if (!sizes.Exists(part => part.Text.Any(char.IsDigit))) return;
        foreach (var word in sizes.Where(part => part.Text.All(char.IsLetter))) word.Kind = Kind.Plain;
    }

    static void FindBase(List<Part> parts)
    {
        bool isAtStart = true;
        foreach (var part in parts)
        {
            bool isOfBase = part.Kind == Kind.Version || part.Kind == Kind.Plain && char.IsLetter(part.Text[0]);
            if (isAtStart && isOfBase)
            {
                part.IsBase = true;
                continue;
            }
            isAtStart = false;
            if (part.Kind == Kind.Plain) part.Kind = Kind.Tuning;
        }
        // A version at the very end is the model's, not its kin's.
        for (int place = parts.Count - 1; place >= 0 && parts[place] is { IsBase: true, Kind: Kind.Version }; place--)
            parts[place].IsBase = false;
    }

    static string? Joined(List<Part> parts, Kind kind) => Text(parts.Where(part => part.Kind == kind && !part.IsBase));

    static string? Text(IEnumerable<Part> parts)
    {
        string text = string.Join('-', parts.Select(part => part.Text).Distinct());
        return text.Length > 0 ? text : null;
    }

    /// <summary>A name for people: its words with capitals, but for versions and those that have some already.</summary>
    public static string Title(string name) => string.Join(' ', name.Replace('-', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => IsLower(word) && !Numbered().IsMatch(word) ? Capital(word) : word));

    static bool IsLower(string word) => word.Any(char.IsLower) && !word.Any(char.IsUpper);

    // Letters that follow none.
    static string Capital(string word) =>
        string.Concat(word.Select((letter, place) => place > 0 && char.IsLetter(word[place - 1]) ? letter : char.ToUpperInvariant(letter)));

    [GeneratedRegex(@"^(v|iter)?\d+([.]\d+)*$", RegexOptions.IgnoreCase)]
    private static partial Regex Versions();

    [GeneratedRegex(@"^(i?q\d(_\w)*|b?fp?(16|32))$", RegexOptions.IgnoreCase)]
    private static partial Regex Types();

    [GeneratedRegex(@"^(([A]|\d+[x])?\d+([._]\d+)?[KMBT]\d?|small|mini|medium|large|x?xl)$", RegexOptions.IgnoreCase)]
    private static partial Regex Sizes();

    [GeneratedRegex("^(chat|instruct|vision|lora)$", RegexOptions.IgnoreCase)]
    private static partial Regex Tunings();

    [GeneratedRegex(@"^(v\d+(\.\d+)*|\d.*)$")]
    private static partial Regex Numbered();
}
