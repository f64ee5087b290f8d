namespace Lowrank.Bench.Tests;

public class PerformancePageTests
{
    [Fact]
    public void ThePageTellsEveryRowUnderItsSectionAndShowsEveryChart()
    {
        var files = PerformancePage.Write([("all", Made.Results)]);
        Assert.Equal([PerformancePage.Page, "docs/performance-rank.svg"], files.Keys);
        string page = files[PerformancePage.Page];
        // The one without a peer was measured twice, and failed the second time.
        Assert.All(new[] { Made.Step, Made.Broken }, row => Assert.Contains(Table.Line(row) + "\n", page));
        Assert.Contains("2026-02-03, A processor", page);
        Assert.Contains("(performance-rank.svg)", page);
        Assert.DoesNotContain("## " + Section.All.First(s => s.Name == Section.Attention).Title, page);
    }

    [Fact]
    public void ARowThatTwoRunsHoldStandsOnceAsTheLaterTookIt()
    {
        var later = new Results(Made.Machine, [Made.Step with { Seconds = 0.7 }], []);
        string page = PerformancePage.Write([("all", Made.Results), ("later", later)])[PerformancePage.Page];
        Assert.Contains("700 ms", page);
        Assert.DoesNotContain("633 ms", page);
    }

    [Fact]
    public void ARowOfNoSectionIsRefused()
    {
        var results = new Results(Made.Machine, [Made.Step with { Section = "elsewhere" }], []);
        Assert.Contains("\"elsewhere\"", Assert.Throws<LowrankException>(() => PerformancePage.Write([("all", results)])).Message);
    }

    [Fact]
    public void ThePageIsWhatTheBenchWritesFromItsFigures()
    {
        foreach (var (path, text) in PerformancePage.Write(PerformancePage.Read(GoldenFolder.Repository)))
            Assert.True(File.ReadAllText(Path.Combine(GoldenFolder.Repository, path)) == text,
                $"{path} is not what {PerformancePage.Figures} says. " +
                "dotnet run --project bench/Lowrank.Bench -c Release -- document writes it.");
    }
}
