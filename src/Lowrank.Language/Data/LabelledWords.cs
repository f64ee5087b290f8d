using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Rows whose labels are of words, or of places in a text.</summary>
static class LabelledWords
{
    /// <summary>Words with a label each.</summary>
    /// <exception cref="LowrankException">A field is missing or no list, or there are not as many labels as words.</exception>
    public static Example Of(DataRow row, string words, string tags)
    {
        List<string> told = [.. row.List(words).EnumerateArray().Select(Text)], labels = [.. row.List(tags).EnumerateArray().Select(Text)];
        if (told.Count == labels.Count) return new(row.Place) { Tagged = new(told, labels) };
        throw new LowrankException($"{row.Place}: \"{words}\" has {told.Count} words and \"{tags}\" {labels.Count} labels: " +
            "each word has one.");
    }

    /// <summary>A question with the first of its answers; none where it has no answer.</summary>
    /// <exception cref="LowrankException">A field is missing, or the answer does not stand where it is said to.</exception>
    public static IReadOnlyList<Example> Asked(DataRow row, string question, string context, string answers)
    {
        string text = row.Text(context);
        if (!row.IsGiven(answers)) return [];
        var given = row.Json.GetProperty(answers);
        var (said, starts) = (Field(row, answers, given, "text"), Field(row, answers, given, "answer_start"));
        if (said.Count == 0 || starts.Count == 0) return [];
        bool isPlace = int.TryParse(starts[0], out int start) && start >= 0 && start + said[0].Length <= text.Length;
        if (!isPlace || string.CompareOrdinal(text, start, said[0], 0, said[0].Length) != 0)
            throw new LowrankException($"{row.Place}: the answer \"{said[0]}\" does not stand at letter {starts[0]} of \"{context}\".");
        int place = text[..start].EnumerateRunes().Count();
        return [new(row.Place) { Question = new(row.Text(question), text, said[0], place) }];
    }

    static List<string> Field(DataRow row, string answers, JsonElement given, string name)
    {
        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(name, out var field))
            throw new LowrankException($"{row.Place}: \"{answers}\" has no {name}. Answers have text and answer_start, as SQuAD's.");
        return field.ValueKind == JsonValueKind.Array ? [.. field.EnumerateArray().Select(Text)] : [Text(field)];
    }

    static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
