namespace Lowrank.Workbench;

/// <summary>What was asked of something that has no answer to it.</summary>
static class UnusedLooks
{
    /// <summary>A report with a note on each.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="asked">What was asked for expressly.</param>
    public static InspectReport Beside(InspectReport report, InspectingRequest asked)
    {
        string[] notes = [.. Notes(report, asked)];
        if (notes.Length == 0) return report;
        if (report.Model is { } model) return report with { Model = model with { Notes = [.. model.Notes, .. notes] } };
        return report.File is { } file ? report with { File = file with { Notes = [.. file.Notes, .. notes] } } : report;
    }

    static IEnumerable<string> Notes(InspectReport report, InspectingRequest asked)
    {
        string what = report.Model is null ? "holds no adapter" : "is a model";
        if (asked.Norms == true && report.Adapter is null)
            yield return $"`norms` is not used: it measures the changes of an adapter, and {report.Path} {what}.";
        const string Several = "has its weights in several files: name one of them";
        if (asked.Keys && report.File?.Keys is null) yield return $"`keys` is not used: {report.Path} {Several}.";
        if (asked.Hashes == true && report.File?.Hashes is null) yield return $"`hashes` is not used: {report.Path} {Several}.";
    }
}
