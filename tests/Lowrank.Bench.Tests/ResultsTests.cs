namespace Lowrank.Bench.Tests;

public class ResultsTests
{
    [Fact]
    public void WhatIsStoredComesBack()
    {
        var back = Results.FromJson(Made.Results.ToJson());
        Assert.Equal(Made.Results.Rows, back.Rows);
        Assert.Equal(Made.Machine.Versions, back.Machine.Versions);
        Assert.Equal(Made.Machine with { Versions = back.Machine.Versions }, back.Machine);
        var curve = Assert.Single(back.Curves);
        Assert.Equal(Made.Curve.Points, curve.Points);
        Assert.Equal(Made.Curve with { Points = curve.Points }, curve);
    }

    [Fact]
    public void WhatFailsIsARowAndTheNextOneIsMeasured()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "table.json");
        var report = new Report(path, TextWriter.Null);
        report.Measure(Made.Alone, Break);
        report.Measure(Made.Step, () => [Made.Step]);
        Assert.True(report.HasFailed);
        Assert.False(File.Exists(path));   // an older table stays until the new one is whole
        report.Finish();
        var rows = Results.FromJson(File.ReadAllText(path)).Rows;
        Assert.Equal([Made.Step, Made.Alone with { Failed = true, Remark = "failed: the disk / is full" }, Made.Step], rows);
    }

    // A row that was measured before the fault stays.
    static IEnumerable<Row> Break()
    {
        yield return Made.Step;
        throw new IOException("the disk | is full");
    }

    [Fact]
    public void EverySectionThatARowMayNameIsListedOnce()
    {
        var names = typeof(Section).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(names.Order(StringComparer.Ordinal), Section.All.Select(section => section.Name).Order(StringComparer.Ordinal));
    }
}
