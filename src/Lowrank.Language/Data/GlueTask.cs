using System.Globalization;

namespace Lowrank.Language;

/// <summary>A task of GLUE as its files have it.</summary>
/// <param name="Name">Its short name: <c>cola</c>, <c>sst-2</c>, ...</param>
/// <param name="First">Column of the text, by name, or by number from 0 where the file has no names.</param>
/// <param name="Second">Column of the other text of a pair.</param>
/// <param name="Label">Column of the label.</param>
/// <param name="Classes">The labels as written, in the order of their numbers; empty for a score.</param>
/// <param name="HasNames">Whether the file's first line names its columns.</param>
public sealed record GlueTask(string Name, string First, string? Second, string Label, IReadOnlyList<string> Classes, bool HasNames = true)
{
    // Of a file whose columns have no names: source, label, the authors' mark, text.
    const int BareColumns = 4;

    /// <summary>The rows of a file that has labels.</summary>
    /// <exception cref="LowrankException">The file is of another layout, or a label is not one of the task's; it names the
    /// line.</exception>
    public List<LabelledText> Read(string path)
    {
        var file = TabFile.Read(path, HasNames);
        int first = Place(file, First), label = Place(file, Label);
        int? second = Second is null ? null : Place(file, Second);
        return [.. file.Rows.Select((row, place) => new LabelledText(
            place + 1, row.Fields[first], second is { } at ? row.Fields[at] : null, Number(row, row.Fields[label])))];
    }

    /// <summary>Whether a file looks like one of the task's, by its columns and its first label.</summary>
    public bool Fits(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Columns == 0) return false;
        var names = file.Fields(0).ToList();
        if (!HasNames) return names.Count == BareColumns && Classes.Contains(names[int.Parse(Label, CultureInfo.InvariantCulture)]);
        bool hasAll = names.Contains(First) && names.Contains(Label) && (Second is null || names.Contains(Second));
        return hasAll && file.Lines.Count > 1 && file.Fields(1).ElementAtOrDefault(names.IndexOf(Label)) is { } label && IsLabel(label);
    }

    bool IsLabel(string label) => Classes.Count == 0 ? TryScore(label, out _) : Classes.Contains(label);

    static bool TryScore(string label, out double score) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out score);

    int Place(TabFile file, string column)
    {
        if (HasNames) return file.Column(column);
        int at = int.Parse(column, CultureInfo.InvariantCulture);
        int columns = file.Rows[0].Fields.Count;
        if (at < columns) return at;
        throw new LowrankException($"{file.Path} has {columns} columns, and {Name} reads column {at + 1}. " +
            "Is it a file of another task?");
    }

    double Number(TabRow row, string label)
    {
        if (Classes.Count == 0 && TryScore(label, out double score)) return score;
        for (int number = 0; number < Classes.Count; number++)
            if (Classes[number] == label) return number;
        string wanted = Classes.Count == 0 ? "a number" : string.Join(" or ", Classes);
        throw new LowrankException($"{row.Path}, line {row.Line}: the label is \"{label}\", and {Name} has {wanted}. " +
            "Is it a test file without labels?");
    }
}
