using System.Globalization;

namespace Lowrank.Language;

/// <summary>Texts, or pairs of texts, with the label that is right.</summary>
/// <param name="rows">The rows; labels are numbers of <paramref name="classes"/>, or scores.</param>
/// <param name="classes">The classes' names; empty for scores.</param>
/// <param name="measures">Names of the measures, of <see cref="LabelMeasures"/>.</param>
public sealed class LabelData(IReadOnlyList<LabelledText> rows, IReadOnlyList<string> classes, IReadOnlyList<string> measures)
    : EvaluationData
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<LabelledText> Rows => rows;

    /// <summary>The classes' names; empty for scores.</summary>
    public IReadOnlyList<string> Classes => classes;

    /// <summary>Whether the classes stand in the order of a model's numbers. Of words in a file nobody knows it.</summary>
    public bool OrderIsKnown { get; init; } = true;

    /// <summary>Names of the measures.</summary>
    public IReadOnlyList<string> Measures => measures;

    /// <inheritdoc/>
    public override int Count => rows.Count;

    /// <inheritdoc/>
    public override EvaluationData First(int count) => new LabelData([.. rows.Take(count)], classes, measures)
    {
        OrderIsKnown = OrderIsKnown, Notes = Notes,
    };

    /// <summary>Makes the rows ready for a model.</summary>
    /// <exception cref="LowrankException">Its classes are not those of the data.</exception>
    public Evaluator For(LanguageClassifier model, EvaluationOptions options) => new LabelEvaluator(this, model, options);

    internal static LabelData OfGlue(GlueTask task, DataFile file) => new(task.Of(file), task.Classes, LabelMeasures.Of(task));

    /// <summary>Whether a file has texts with labels as objects of JSON.</summary>
    internal static bool Fits(DataFile file) => file.HasFields("label") && texts.Any(pair => file.HasFields(pair.First));

    static readonly (string First, string? Second)[] texts =
    [
        ("text", "text_pair"), ("sentence", null), ("sentence1", "sentence2"), ("premise", "hypothesis"), ("question1", "question2"),
        ("question", "sentence"), ("question", "passage"),
    ];

    // The last whose both texts are there, else the last whose one is.
    static (string First, string? Second) Fields(DataFile file)
    {
        int whole = Array.FindLastIndex(texts, pair => pair.Second is { } other && file.HasFields(pair.First, other));
        if (whole >= 0) return texts[whole];
        return (texts.Last(pair => file.HasFields(pair.First)).First, null);
    }

    static IEnumerable<string> Unread(DataFile file, string first, string? second)
    {
        var others = file.Rows!.SelectMany(row => row.Json.EnumerateObject())
            .Where(field => field.Value.ValueKind == System.Text.Json.JsonValueKind.String).Select(field => field.Name).Distinct()
            .Where(name => name != first && name != second && name != "label").ToList();
        string read = second is null ? $"{first} is read" : $"{first} and {second} are read";
        if (others.Count > 0) yield return $"Of each row's texts {read}, and not: {string.Join(", ", others)}.";
    }

    internal static LabelData Read(DataFile file)
    {
        var (first, second) = Fields(file);
        var given = file.Rows!.Where(row => row.IsGiven("label")).Select(row => (Row: row, Label: Label(row))).ToList();
        bool areWhole = given.TrueForAll(one => IsWhole(one.Label));
        if (areWhole) given.RemoveAll(one => one.Label == HeldBack);
        if (given.Count == 0) throw new LowrankException($"{file.Path}: none of {file.Rows!.Count} rows has a label.");
        bool areScores = !areWhole && given.TrueForAll(one => IsScore(one.Label));
        string[] classes = areScores ? [] : areWhole ? Numbered(given) : Named(given);
        var rows = given.Select(one => new LabelledText(one.Row.Number, one.Row.Text(first), second is null ? null : one.Row.Text(second),
            areScores || areWhole ? double.Parse(one.Label, CultureInfo.InvariantCulture) : Array.IndexOf(classes, one.Label)));
        int[] empty = [.. file.Rows!.Select(row => row.Number).Except(given.Select(one => one.Row.Number))];
        return new([.. rows], classes, areScores ? LabelMeasures.OfScores : LabelMeasures.OfClasses)
        {
            OrderIsKnown = areWhole,
            Notes = [.. Unread(file, first, second), .. LeftOutRows.Told(empty, file.Rows!.Count, "have no label")],
        };
    }

    // What stands where a label is held back, as in test sets of the hub.
    const string HeldBack = "-1";

    // More classes than any model tells: such a number is no class's.
    const int MostClasses = 100_000;

    static bool IsWhole(string label) => long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    static bool IsScore(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && double.IsFinite(score);

    static string[] Named(List<(DataRow Row, string Label)> given) =>
        [.. given.Select(one => one.Label).Distinct().Order(StringComparer.Ordinal)];

    static string[] Numbered(List<(DataRow Row, string Label)> given)
    {
        int most = 0;
        foreach (var (row, label) in given)
        {
            bool isClass = int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < MostClasses;
            if (!isClass) throw new LowrankException($"{row.Place} has the label {label}, and classes are numbers from 0. Is it a score? " +
                $"Then write it with a point: {label}.0.");
            most = Math.Max(most, number);
        }
        return [.. Enumerable.Range(0, most + 1).Select(number => PlainValue.Text(number))];
    }

    static string Label(DataRow row)
    {
        var value = row.Json.GetProperty("label");
        return value.ValueKind == System.Text.Json.JsonValueKind.Number ? value.GetRawText() : row.Text("label");
    }
}
