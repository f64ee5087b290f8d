using System.Globalization;
using System.Text.Json;

namespace Lowrank.Training;

/// <summary>The classes that a head tells apart, and how data write them.</summary>
sealed class HeadLabels
{
    // More classes than any model tells: such a number is no class's.
    const int MostClasses = 100_000;

    readonly Dictionary<string, int> numbers;

    HeadLabels(IReadOnlyList<string> names, Dictionary<string, int> numbers) => (Names, this.numbers) = (names, numbers);

    /// <summary>Their names, in the order of the head's scores.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>One score without a name of its own.</summary>
    public static HeadLabels Score { get; } = new(["score"], []);

    /// <summary>Those of data: by the names that are given, those of a task of GLUE, those of the base where they are the same, or their
    /// own words in the order of the alphabet.</summary>
    /// <param name="written">The labels that stand in the data.</param>
    /// <param name="given">Names that somebody gave, in order; empty for none.</param>
    /// <param name="task">The task of GLUE; null for none.</param>
    /// <param name="saved">The classes of the base's own head; null where it has none.</param>
    public static HeadLabels Of(IEnumerable<string> written, IReadOnlyList<string> given, GlueTask? task, IReadOnlyList<string>? saved)
    {
        string[] told = [.. written.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (given.Count > 0) return Named(given, byNumber: told.All(IsNumber) && !given.All(IsNumber));
        if (task is { Classes.Count: > 0 }) return OfTask(task, saved);
        if (saved is not null && told.All(label => saved.Contains(label, StringComparer.OrdinalIgnoreCase))) return Named(saved);
        if (!told.All(IsNumber)) return Named(told);
        int count = told.Max(label => int.Parse(label, CultureInfo.InvariantCulture)) + 1;
        bool areSaved = saved is not null && saved.Count == count;
        return Named(areSaved ? saved! : [.. Enumerable.Range(0, count).Select(number => PlainValue.Text(number))], byNumber: true);
    }

    static HeadLabels Named(IReadOnlyList<string> names, bool byNumber = false)
    {
        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (number, name) in names.Index())
            if (!numbers.TryAdd(byNumber ? PlainValue.Text(number) : name, number))
                throw new LowrankException($"the label \"{name}\" is there twice. Labels differ by more than the case of their letters.");
        return new(names, numbers);
    }

    static HeadLabels OfTask(GlueTask task, IReadOnlyList<string>? saved)
    {
        var own = (saved ?? []).Index().ToDictionary(one => one.Index, one => one.Item);
        var order = task.NumbersIn(own);
        string[] names = new string[order.Count];
        var numbers = new Dictionary<string, int>();
        foreach (var (number, place) in order.Index())
            (names[place], numbers[task.Classes[number]]) = (task.ClassNames[number], place);
        return new(names, numbers);
    }

    static bool IsNumber(string label) =>
        int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < MostClasses;

    /// <summary>A label's number.</summary>
    /// <exception cref="LowrankException">It is none of them.</exception>
    public int Number(string label)
    {
        if (numbers.TryGetValue(label, out int number)) return number;
        string nearest = string.Join(", ", NearestNames.To(label, numbers.Keys, 3));
        throw new LowrankException($"the label is \"{label}\", which is none of the {Names.Count} that are trained (the nearest: " +
            $"{nearest}). Rows of it belong into the training data, or its name among the labels.");
    }

    /// <summary>The labels of a row of several: a JSON list, or one alone.</summary>
    public static IReadOnlyList<string> Several(string label)
    {
        if (!label.StartsWith('[')) return [label];
        using var list = JsonDocument.Parse(label);
        return [.. list.RootElement.EnumerateArray().Select(Text)];
    }

    static string Text(JsonElement one) => one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText();

    /// <summary>A score.</summary>
    /// <exception cref="LowrankException">It is no number.</exception>
    public static double ScoreOf(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && double.IsFinite(score) ? score
            : throw new LowrankException($"the label is \"{label}\", and a number is wanted. For classes take the objective " +
                "classification.");
}
