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
    public List<LabelledText> Read(string path) => Of(TabFile.Read(path, HasNames));

    internal List<LabelledText> Of(DataFile file) => Of(TabFile.Of(file.Path, file.Text, HasNames));

    List<LabelledText> Of(TabFile file)
    {
        int first = Place(file, First), label = Place(file, Label);
        int? second = Second is null ? null : Place(file, Second);
        return [.. file.Rows.Select((row, place) => new LabelledText(
            place + 1, row.Fields[first], second is { } at ? row.Fields[at] : null, Number(row, row.Fields[label])))];
    }

    /// <summary>Names of the classes, in the order of their numbers; those that are written where no others are told.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = Classes;

    /// <summary>The rows of a file that has labels; lines that lack a column are passed over and told: QQP's file has some.</summary>
    /// <param name="path">The file.</param>
    /// <param name="skipped">The lines that are passed over.</param>
    /// <exception cref="LowrankException">The file is of another layout, or a label is not one of the task's; it names the
    /// line.</exception>
    public List<LabelledText> Read(string path, out IReadOnlyList<SkippedRow> skipped)
    {
        var file = TabFile.ReadUneven(path, HasNames);
        int first = Place(file, First), label = Place(file, Label);
        int? second = Second is null ? null : Place(file, Second);
        return Rows(file, first, second, label, out skipped);
    }

    /// <summary>The rows of a file without labels, a test set; each has the label −1.</summary>
    /// <param name="path">The file. CoLA's test set has names of columns, other than its other files.</param>
    /// <param name="skipped">The lines that are passed over.</param>
    /// <exception cref="LowrankException">The file is of another layout.</exception>
    public List<LabelledText> ReadUnlabelled(string path, out IReadOnlyList<SkippedRow> skipped)
    {
        var file = TabFile.ReadUneven(path, hasNames: true);
        int first = file.Column(HasNames ? First : "sentence");
        return Rows(file, first, Second is null ? null : file.Column(Second), null, out skipped);
    }

    List<LabelledText> Rows(TabFile file, int first, int? second, int? label, out IReadOnlyList<SkippedRow> skipped)
    {
        var rows = new List<LabelledText>();
        var left = new List<SkippedRow>();
        int last = Math.Max(first, Math.Max(second ?? 0, label ?? 0));
        foreach (var row in file.Rows)
        {
            if (row.Fields.Count <= last) left.Add(new($"{row.Path}, line {row.Line}", "it lacks a column"));
            else rows.Add(new(rows.Count + 1, row.Fields[first], second is { } at ? row.Fields[at] : null,
                label is { } place ? Number(row, row.Fields[place]) : -1));
        }
        skipped = left;
        return rows;
    }

    /// <summary>A label as the files write it.</summary>
    public string Written(double label) =>
        Classes.Count == 0 ? label.ToString("R", CultureInfo.InvariantCulture) : Classes[(int)label];

    /// <summary>A model's number of each of the task's classes: by the model's own names of them, without case, where all of these are the
    /// task's; else the task's own order.</summary>
    public IReadOnlyList<int> NumbersIn(IReadOnlyDictionary<int, string> modelNames)
    {
        ArgumentNullException.ThrowIfNull(modelNames);
        var numbers = modelNames.ToDictionary(one => one.Value.ToLowerInvariant(), one => one.Key);
        bool areTheirs = numbers.Count == ClassNames.Count && ClassNames.All(name => numbers.ContainsKey(name.ToLowerInvariant()));
        return areTheirs ? [.. ClassNames.Select(name => numbers[name.ToLowerInvariant()])] : [.. Enumerable.Range(0, ClassNames.Count)];
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
