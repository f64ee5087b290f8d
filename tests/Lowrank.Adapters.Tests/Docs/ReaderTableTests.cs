using System.Globalization;

namespace Lowrank.Adapters.Tests;

/// <summary>docs/readers.md tells what <see cref="ReaderFacts"/> holds, and the facts are of dialects and kinds that there are.</summary>
public class ReaderTableTests
{
    [Fact]
    public void ThePageTellsWhoReadsWhat()
    {
        var rows = from dialect in Dialects.All
                   from kind in AdapterKinds.All
                   let own = ReaderFacts.All.Where(fact => fact.Dialect == dialect.Name && fact.Kind == kind).ToList()
                   where own.Count > 0
                   select $"| {dialect.Name} | {kind} | {string.Join(" | ", ReaderFacts.Programs.Select(program => Cell(own, program)))} |\n";
        string head = $"| dialect | holds | {string.Join(" | ", ReaderFacts.Programs)} |\n|---|---|{string.Concat(ReaderFacts.Programs.Select(_ => "---|"))}\n";
        WrittenPage.Check("docs/readers.md", "readers", head + string.Concat(rows));
    }

    static string Cell(List<ReaderFact> own, string program)
    {
        if (own.Find(fact => fact.Program == program) is not { } fact) return "not tried";
        string off = fact.Off is { } share ? " " + share.ToString(CultureInfo.InvariantCulture) : "";
        string half = fact.OffAtHalf is { } other ? ", ½: " + other.ToString(CultureInfo.InvariantCulture) : "";
        return fact.Reading.ToString().ToLowerInvariant() + off + half;
    }

    [Fact]
    public void EachFactIsOfADialectAKindAndAProgramAndStandsOnce()
    {
        Assert.All(ReaderFacts.All, fact => Assert.Contains(fact.Dialect, Dialects.All.Select(dialect => dialect.Name)));
        Assert.All(ReaderFacts.All, fact => Assert.Contains(fact.Kind, AdapterKinds.All));
        Assert.All(ReaderFacts.All, fact => Assert.Contains(fact.Program, ReaderFacts.Programs));
        Assert.All(ReaderFacts.All.GroupBy(fact => (fact.Dialect, fact.Kind, fact.Program)), same => Assert.Single(same));
        Assert.All(ReaderFacts.All.Where(fact => fact.Reading == Reading.Wrong), fact => Assert.True(fact.Off > 0 && fact.Why.Length > 0));
    }

    [Theory]
    [InlineData(AdapterKinds.DoraOut, "kohya", "AUTOMATIC1111 (off by up to 264", "dora input")]
    [InlineData("loha", "kohya", "LyCORIS, merge (off by up to 0.5", "scale twice")]
    [InlineData("diag-oft", "kohya", "ComfyUI at strengths other than 1", "twice")]
    public void WhatIsSilentlyWrongSomewhereIsSaid(string kind, string dialect, string program, string choice)
    {
        string warning = Assert.Single(ReaderFacts.Warnings([kind], dialect));
        Assert.Contains(program, warning, StringComparison.Ordinal);
        Assert.Contains(choice, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AdapterKinds.Lora, "kohya")]
    [InlineData(AdapterKinds.DoraIn, "kohya")]
    [InlineData(AdapterKinds.Lora, "peft")]
    public void WhatIsRightWhereItIsReadNeedsNoWord(string kind, string dialect) => Assert.Empty(ReaderFacts.Warnings([kind], dialect));
}
