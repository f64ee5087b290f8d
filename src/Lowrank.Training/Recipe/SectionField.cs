using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Training;

/// <summary>A field that stands in a section of the recipe.</summary>
/// <typeparam name="TSection">The section.</typeparam>
[SuppressMessage("Design", "CA1000", Justification = "A section names its own type once, in an alias, and not at every field.")]
public sealed record SectionField<TSection> : RecipeField where TSection : class, new()
{
    readonly Func<TSection, object?> value;
    readonly Func<TSection, string?> read;
    readonly Func<TSection, string, TSection> write;

    SectionField(
        string name, string help, Func<TSection, object?> value, Func<TSection, string?> read, Func<TSection, string, TSection> write)
        : base(name, help) => (this.value, this.read, this.write) = (value, read, write);

    /// <summary>What is wrong with the section's value beyond its kind, a sentence each.</summary>
    public Func<TSection, IEnumerable<string>> Check { get; init; } = static _ => [];

    Func<TSection, IReadOnlyList<string>> Texts { get; init; } = static _ => [];

    Func<TSection, TSection> Empty { get; init; } = static section => section;

    /// <inheritdoc/>
    public override string? Get(TrainingRecipe recipe) => read(recipe.Get<TSection>());

    /// <inheritdoc/>
    public override TrainingRecipe With(TrainingRecipe recipe, string text) => recipe.With<TSection>(section => write(section, text));

    /// <inheritdoc/>
    public override IReadOnlyList<string> TextsOf(TrainingRecipe recipe) => Texts(recipe.Get<TSection>());

    /// <inheritdoc/>
    public override TrainingRecipe Emptied(TrainingRecipe recipe) => recipe.With(Empty);

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(TrainingRecipe recipe) => Check(recipe.Get<TSection>());

    /// <inheritdoc/>
    protected override object? ValueOf(TrainingRecipe recipe) => value(recipe.Get<TSection>());

    /// <summary>Any text.</summary>
    public static SectionField<TSection> Text(
        string name, string help, Func<TSection, string> get, Func<TSection, string, TSection> with) =>
        new(name, help, get, get, with);

    /// <summary>One of some words.</summary>
    public static SectionField<TSection> Word(
        string name, string help, Func<IReadOnlyList<string>> words, Func<TSection, string> get, Func<TSection, string, TSection> with) =>
        new(name, help, get, get, with)
        {
            Words = words,
            Check = section => words().Contains(get(section)) ? [] : [$"{name} is \"{get(section)}\" ({WordList.Prose(words())})"],
        };

    /// <summary>A whole number; null where it is not set.</summary>
    public static SectionField<TSection> Whole(
        string name, string help, Func<TSection, long?> get, Func<TSection, long, TSection> with, NumberRange? range = null) =>
        Typed(name, help, get, with, PlainValue.Text, ParseWhole) with
        {
            Range = range?.Text,
            Check = section => get(section) is { } number ? OutOf(range, name, number) : [],
        };

    /// <summary>A seed of 64 bits.</summary>
    public static SectionField<TSection> Seed(string name, string help, Func<TSection, long> get, Func<TSection, long, TSection> with) =>
        Typed(name, help, section => get(section), with, Seeds.Text, ParseSeed);

    /// <summary>A number; null where it is not set.</summary>
    public static SectionField<TSection> Number(
        string name, string help, Func<TSection, double?> get, Func<TSection, double, TSection> with, NumberRange? range = null) =>
        Typed(name, help, get, with, PlainValue.Text, ParseNumber) with
        {
            Range = range?.Text,
            Check = section => get(section) is { } number ? OutOf(range, name, number) : [],
        };

    /// <summary>On or off.</summary>
    public static SectionField<TSection> Switch(string name, string help, Func<TSection, bool> get, Func<TSection, bool, TSection> with) =>
        Typed(name, help, section => get(section), with, PlainValue.Text, ParseSwitch) with
        {
            IsSwitch = true,
        };

    // A field of one value that is kept as a T; null where it is not set.
    static SectionField<TSection> Typed<T>(
        string name,
        string help,
        Func<TSection, T?> get,
        Func<TSection, T, TSection> with,
        Func<T, string> format,
        Func<string, string, T> parse) where T : struct
    {
        return new(name, help, section => get(section), Format, (section, text) => with(section, parse(name, text)));

        string? Format(TSection section) => get(section) is { } value ? format(value) : null;
    }

    /// <summary>Several texts.</summary>
    public static SectionField<TSection> Several(
        string name, string help, RecipeList list, Func<TSection, IReadOnlyList<string>> get,
        Func<TSection, IReadOnlyList<string>, TSection> with) =>
        new(name, help, get, section => Joined(get(section)), (section, text) => with(section, [.. get(section), text]))
        {
            List = list,
            Texts = get,
            Empty = section => with(section, []),
        };

    /// <summary>Several numbers; a text may hold some with commas between.</summary>
    public static SectionField<TSection> Numbers(
        string name, string help, Func<TSection, IReadOnlyList<double>> get, Func<TSection, IReadOnlyList<double>, TSection> with) =>
        Several(
            name, help, RecipeList.Texts,
            section => [.. get(section).Select(PlainValue.Text)], (section, texts) => with(section, ParseNumbers(name, texts)));

    /// <summary>An argument of what another field names, such as AdamW's weight decay.</summary>
    /// <param name="argument">The argument, as the first that has it declares it.</param>
    /// <param name="get">The arguments that are given, by name.</param>
    /// <param name="with">The section with others given.</param>
    /// <param name="chosen">The arguments that the thing named has.</param>
    /// <param name="owner">What is named, as errors tell it: "the schedule cosine".</param>
    /// <param name="alike">All that are declared by that name, where they read other texts than the first.</param>
    public static SectionField<TSection> Argument(
        NamedArgument argument, Func<TSection, IReadOnlyDictionary<string, string>> get,
        Func<TSection, IReadOnlyDictionary<string, string>, TSection> with, Func<TSection, IReadOnlyList<NamedArgument>> chosen,
        Func<TSection, string> owner, IReadOnlyList<NamedArgument>? alike = null)
    {
        return new(argument.Name, argument.Help, Text, Text, (section, text) => with(section, Added(section, text)))
        {
            AlsoCalled = argument.AlsoCalled,
            Range = argument.RangeText,
            Check = Faults,
            Idle = recipe => IdleIn(recipe.Get<TSection>()),
        };

        string? IdleIn(TSection section) =>
            chosen(section).Any(one => one.Name == argument.Name) ? null : $"{owner(section)} has no such argument";

        string[] Faults(TSection section)
        {
            if (!get(section).TryGetValue(argument.Name, out var text)) return [];
            return Declared(section).Fault(text) is { } fault ? [fault] : [];
        }

        NamedArgument Declared(TSection section) => chosen(section).FirstOrDefault(one => one.Name == argument.Name) ?? argument;

        string Text(TSection section) => Faults(section) is [] ? Declared(section).TextIn(get(section)) : get(section)[argument.Name];

        Dictionary<string, string> Added(TSection section, string text) =>
            new(get(section)) { [argument.Name] = Reader(section, text).Plain(text) };

        // What is chosen may be told behind it: until then a text stands if any that has the argument reads it.
        NamedArgument Reader(TSection section, string text)
        {
            bool Reads(NamedArgument one) => one.Fault(text) is null;
            var declared = Declared(section);
            return Reads(declared) ? declared : alike?.FirstOrDefault(Reads) ?? argument;
        }
    }

    static double[] ParseNumbers(string name, IReadOnlyList<string> texts) =>
        [.. texts.SelectMany(text => text.Split(',')).Select(text => ParseNumber(name, text))];

    static long ParseWhole(string name, string text) => PlainValue.ReadWhole(text) ?? throw NotA("whole number", name, text);

    static long ParseSeed(string name, string text) =>
        Seeds.Read(text) ?? throw NotA("seed (a whole number from 0 to 2^64 - 1)", name, text);

    static double ParseNumber(string name, string text) => PlainValue.ReadNumber(text) ?? throw NotA("number", name, text);

    static bool ParseSwitch(string name, string text) => PlainValue.ReadSwitch(text) ?? throw NotA("true or false", name, text);

    static string? Joined(IReadOnlyList<string> texts) => texts.Count == 0 ? null : string.Join("; ", texts);

    static string[] OutOf(NumberRange? range, string name, double value) =>
        range?.Fault(name, value) is { } fault ? [fault] : [];
}
