namespace Lowrank.Bench;

/// <summary>
/// The whole table: a part after the other, each in a process of its own, so that no part meets what another left in memory.
/// </summary>
static class WholeTable
{
    /// <summary>The parts: the section that their rows belong to, and what the bench is asked for.</summary>
    public static IReadOnlyList<(string Section, string[] Asked)> Parts { get; } =
    [
        .. from model in new[] { "transformer12", "emoji-sd", "sd15" }
           from dtype in Dtypes.All
           select (Section.Training, new[] { "training", model, Dtypes.Name(dtype) }),
        (Section.Attention, ["attention"]),
        .. from model in new[] { "transformer12", "sd15" }
           select (Section.Methods, new[] { "methods", model, "bf16", "boft, rank 16", "oft" }),
        (Section.Merge, ["merge"]),
        (Section.MergeFile, ["merge-file"]),
        (Section.Rework, ["extract"]),
        (Section.Rework, ["resize"]),
        (Section.Files, ["files"]),
    ];

    public static void Measure(Report report)
    {
        string folder = Directory.CreateTempSubdirectory("lowrank-bench-").FullName;
        try
        {
            foreach (var (section, asked) in Parts) Measure(section, asked, Path.Combine(folder, "part.json"), report);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // A part that dies keeps the rows that it had.
    static void Measure(string section, string[] asked, string json, Report report)
    {
        string growing = Report.Growing(json);
        File.Delete(json);
        File.Delete(growing);
        var (code, _) = Child.Run([.. asked, "--json", json]);
        string? stored = new[] { json, growing }.FirstOrDefault(File.Exists);
        var rows = stored is null ? [] : Results.FromJson(File.ReadAllText(stored)).Rows;
        foreach (var row in rows) report.Add(row);
        bool isTold = rows.Exists(row => row.Failed);
        if (code != 0 && !isTold)
            report.Add(new Row(section, string.Join(" ", asked), "") { Failed = true, Remark = $"failed: the process ended with {code}" });
    }
}
