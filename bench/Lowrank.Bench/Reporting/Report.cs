namespace Lowrank.Bench;

/// <summary>The table as it grows: each row is printed when it is known, and stored beside the file that is asked for, which
/// <see cref="Finish"/> puts in its place.</summary>
/// <param name="json">The file; null stores nothing.</param>
/// <param name="output">Where it is printed.</param>
sealed class Report(string? json, TextWriter output)
{
    readonly Results results = new(Machine.Current, [], []);

    /// <summary>Whether a row could not be measured.</summary>
    public bool HasFailed => results.Rows.Exists(row => row.Failed);

    /// <summary>Prints the machine and the table's head.</summary>
    public void Begin()
    {
        output.WriteLine(results.Machine.Told);
        output.WriteLine();
        foreach (string line in Table.Head) output.WriteLine(line);
    }

    public void Add(Row row)
    {
        results.Rows.Add(row);
        output.WriteLine(Table.Line(row));
        Save();
    }

    public void Add(Curve curve)
    {
        results.Curves.Add(curve);
        foreach (var row in curve.Rows) output.WriteLine(Table.Line(row));
        Save();
    }

    /// <summary>Adds rows as they are measured; where that fails the table says so and goes on.</summary>
    /// <param name="about">What is measured.</param>
    /// <param name="measure">Measures.</param>
    public void Measure(Row about, Func<IEnumerable<Row>> measure)
    {
        try
        {
            foreach (var row in measure()) Add(row);
        }
        catch (Exception exception)
        {
            Add(about with { Failed = true, Remark = "failed: " + exception.Message.ReplaceLineEndings(" ").Replace('|', '/') });
        }
    }

    /// <summary>Puts the stored table in place.</summary>
    public void Finish()
    {
        Save();
        if (json is not null) File.Move(Growing(json), json, overwrite: true);
    }

    /// <summary>Where the table of a file lies until it is whole.</summary>
    public static string Growing(string json) => json + ".part";

    void Save()
    {
        if (json is not null) File.WriteAllText(Growing(json), results.ToJson());
    }
}
