namespace Lowrank.Torch;

/// <summary>An option of something that is chosen by name, such as an optimizer: a name and a text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Help">What it means.</param>
/// <param name="Default">Its value where none is given.</param>
public abstract record NamedArgument(string Name, string Help, string Default)
{
    /// <summary>What other programs call it.</summary>
    public IReadOnlyList<string> AlsoCalled { get; init; } = [];

    /// <summary>Which values may be given, as a text; null for any.</summary>
    public abstract string? RangeText { get; }

    /// <summary>What is wrong with a value, as a sentence; null where nothing is.</summary>
    public abstract string? Fault(string text);

    /// <summary>A value as it is written down, however it was given.</summary>
    /// <exception cref="LowrankException">It is of another kind.</exception>
    public abstract string Plain(string text);

    /// <summary>Its value among those that were given, as it is written down; the default where it is not there.</summary>
    public string TextIn(IReadOnlyDictionary<string, string> given) => given.TryGetValue(Name, out var text) ? Plain(text) : Default;

    /// <summary>A number.</summary>
    public static TypedArgument<double> Number(string name, string help, double standard, NumberRange? range = null) =>
        new(name, help, standard, "number", PlainValue.ReadNumber, PlainValue.Text) { Range = range };

    /// <summary>A whole number.</summary>
    public static TypedArgument<int> Whole(string name, string help, int standard, NumberRange? range = null) =>
        new(name, help, standard, "whole number", PlainValue.ReadWhole, value => PlainValue.Text(value)) { Range = range };

    /// <summary>True or false.</summary>
    public static TypedArgument<bool> Switch(string name, string help, bool standard = false) =>
        new(name, help, standard, "true or false", PlainValue.ReadSwitch, PlainValue.Text);

    /// <summary>Words of a list, with commas between.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">What it means.</param>
    /// <param name="standard">The words where none are given.</param>
    /// <param name="known">All words, as they are written; large letters, blanks, hyphens and underscores make no difference.</param>
    public static FreeArgument<IReadOnlyList<string>> Words(string name, string help, string standard, IReadOnlyList<string> known) =>
        new(name, help, standard, string.Join(", ", known), text => KnownWords(name, text, known));

    /// <summary>One word of a list.</summary>
    /// <inheritdoc cref="Words"/>
    public static FreeArgument<string> Word(string name, string help, string standard, IReadOnlyList<string> known) =>
        new(name, help, standard, string.Join(", ", known), text =>
        {
            var (words, fault) = KnownWords(name, text, known);
            if (fault is null && words is not [_]) fault = $"{name} is \"{text}\"; one word is wanted: {string.Join(", ", known)}";
            return (words is [var word, ..] ? word : null, fault);
        });

    /// <summary>What a rule of its own reads.</summary>
    internal static FreeArgument<T> Free<T>(
        string name, string help, string standard, Func<string, (T? Value, string? Fault)> read) => new(name, help, standard, null, read);

    /// <summary>Numbers with commas between; none where it is empty.</summary>
    public static FreeArgument<IReadOnlyList<double>> Numbers(string name, string help, string standard, NumberRange? range = null) =>
        new(name, help, standard, range?.Text, text => SeveralNumbers(name, text, range));

    /// <summary>A number, or "none", which is the default.</summary>
    public static FreeArgument<double?> OptionalNumber(string name, string help, NumberRange? range = null) =>
        new(name, help, "none", range is null ? "a number, or none" : $"{range.Text}, or none", text =>
        {
            if (text.Trim() is "" or "none" or "null") return (null, null);
            var value = PlainValue.ReadNumber(text);
            return (value, value is { } number ? range?.Fault(name, number) : PlainValue.Misread(name, text, "number, nor none"));
        });

    static (IReadOnlyList<string>? Words, string? Fault) KnownWords(string name, string text, IReadOnlyList<string> known)
    {
        var words = new List<string>();
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (known.FirstOrDefault(one => Bare(one) == Bare(word)) is { } found)
            {
                words.Add(found);
                continue;
            }
            var near = NearestNames.Resembling(word, known);
            string nearest = near.Count > 0 ? $" (nearest: {string.Join(", ", near)})" : "";
            return (null, $"{name}: there is no \"{word}\"{nearest}; there are {string.Join(", ", known)}");
        }
        return words.Count > 0 ? (words, null) : (null, $"{name} is empty; there are {string.Join(", ", known)}");
    }

    static (IReadOnlyList<double>? Numbers, string? Fault) SeveralNumbers(string name, string text, NumberRange? range)
    {
        var numbers = new List<double>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (PlainValue.ReadNumber(part) is not { } number) return (null, PlainValue.Misread(name, part, "number"));
            if (range?.Fault(name, number) is { } fault) return (null, fault);
            numbers.Add(number);
        }
        return (numbers, null);
    }

    static string Bare(string word) => string.Concat(word.Where(c => c is not (' ' or '-' or '_'))).ToLowerInvariant();
}
