namespace Lowrank.Language;

/// <summary>The examples of a file's rows, and the rows that are none.</summary>
/// <param name="Layout">The rows' layout.</param>
/// <param name="Examples">The examples, in the file's order.</param>
/// <param name="Skipped">The rows that are not taken, with the reason.</param>
public sealed record ExampleRows(ExampleLayout Layout, IReadOnlyList<Example> Examples, IReadOnlyList<SkippedRow> Skipped)
{
    /// <summary>Fields of the rows that nothing reads.</summary>
    public IReadOnlyList<string> UnreadFields { get; init; } = [];

    /// <summary>The examples of rows, which all have one layout.</summary>
    /// <param name="rows">The rows, one at least.</param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="LowrankException">The layout is not known, differs between rows, or a field is of another kind; the first such row
    /// is named. Or no row is left.</exception>
    public static ExampleRows Of(IReadOnlyList<DataRow> rows, ExampleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new();
        var layout = options.Layout ?? Recognised(rows, options);
        var reader = new ExampleReader(layout, options);
        var examples = new List<Example>();
        var skipped = new List<SkippedRow>();
        foreach (var row in rows)
        {
            OfLayout(row, layout, options);
            examples.AddRange(reader.Read(row, out string? reason));
            if (reason is not null) skipped.Add(new(row.Place, reason));
        }
        if (examples.Count == 0)
            throw new LowrankException($"{rows[0].Path}: none of its {rows.Count} rows can be learnt. The first: {skipped[0].Place}, " +
                $"because {skipped[0].Reason}.");
        return new(layout, examples, skipped) { UnreadFields = Unread(rows, options) };
    }

    // By the first row that tells it: an answer may be missing in some.
    static ExampleLayout Recognised(IReadOnlyList<DataRow> rows, ExampleOptions options)
    {
        foreach (var row in rows)
            if (ExampleFields.Of(row, options) is { } layout) return layout;
        string fields = string.Join(", ", rows[0].Json.EnumerateObject().Select(one => one.Name));
        throw new LowrankException($"{rows[0].Path} has rows of {fields}, and no layout is known by these. Rows have: {Known()}. " +
            "Which column is which can be told, as prompt=mr,completion=refs.");
    }

    static string Known() => string.Join("; ", ExampleFields.Layouts.Select(layout => string.Join(" and ", layout.Needs)));

    // A row of another layout than the rest is no row without its answer.
    static void OfLayout(DataRow row, ExampleLayout layout, ExampleOptions options)
    {
        var own = ExampleFields.Of(row, options);
        var needs = ExampleFields.Layouts.First(one => one.Layout == layout).Needs;
        bool fits = own is null || needs.All(field => ExampleFields.Has(row, options, field));
        if (fits && needs.Any(field => ExampleFields.Has(row, options, field))) return;
        string fields = string.Join(", ", row.Json.EnumerateObject().Select(one => one.Name));
        throw new LowrankException($"{row.Place} has {fields}, and the rows before it have {string.Join(" and ", needs)}. " +
            "A file's rows have one layout: put these into a file of their own.");
    }

    static List<string> Unread(IReadOnlyList<DataRow> rows, ExampleOptions options)
    {
        var read = ExampleFields.All.Select(field => ExampleFields.Column(options, field)).ToHashSet(StringComparer.Ordinal);
        var names = rows.SelectMany(row => row.Json.EnumerateObject().Select(one => one.Name));
        return [.. names.Distinct().Where(name => !read.Contains(name))];
    }
}
