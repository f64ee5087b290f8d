namespace Lowrank.Bench;

/// <summary>The whole table: a part after the other, each in a process of its own, so that no part meets what another left in memory.</summary>
static class WholeTable
{
    static IEnumerable<string[]> Parts =>
    [
        .. from model in new[] { "transformer12", "emoji-sd", "sd15" } from dtype in Dtypes.All select new[] { "training", model, Dtypes.Name(dtype) },
        ["attention"],
        .. from model in new[] { "transformer12", "sd15" } select new[] { "methods", model, "bf16", "boft, rank 16", "oft" },
        ["merge"], ["merge-file"], ["extract"], ["resize"], ["files"],
    ];

    public static void Measure(Report report)
    {
        string folder = Directory.CreateTempSubdirectory("lowrank-bench-").FullName;
        try
        {
            foreach (string[] part in Parts) Measure(part, Path.Combine(folder, "part.json"), report);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // A part that dies keeps the rows that it had.
    static void Measure(string[] part, string json, Report report)
    {
        File.Delete(json);
        var (code, _) = Child.Run([.. part, "--json", json]);
        var rows = File.Exists(json) ? Results.FromJson(File.ReadAllText(json)).Rows : [];
        foreach (var row in rows) report.Add(row);
        bool isTold = rows.Exists(row => row.Failed);
        if (code != 0 && !isTold)
            report.Add(new Row(part[0], string.Join(" ", part), "") { Failed = true, Remark = $"failed: the process ended with {code}" });
    }
}
