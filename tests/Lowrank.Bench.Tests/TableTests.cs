namespace Lowrank.Bench.Tests;

public class TableTests
{
    [Fact]
    public void ALineHoldsEveryFigureInItsColumn() => Assert.Equal(
        ["training step", "a model", "bf16", "633 ms", "PEFT", "815 ms", "0.78", "1.00", "321 / 573", ""], Cells(Table.Line(Made.Step)));

    [Fact]
    public void WhatWasNotMeasuredStaysEmpty() => Assert.Equal(
        ["merge into a file", "1.0 GB", "", "2.50 s", "", "", "", "", "618 / –", ""], Cells(Table.Line(Made.Alone)));

    [Fact]
    public void ARowThatFailedSaysWhy() => Assert.Equal("failed: no room <left>", Cells(Table.Line(Made.Broken))[^1]);

    [Fact]
    public void EveryLineHasTheColumnsOfTheHeadAtTheirPlaces()
    {
        string[] lines = [.. Table.Head, Table.Line(Made.Step), Table.Line(Made.Alone)];
        var bars = Bars(lines[0]);
        Assert.All(lines, line => Assert.Equal(bars, Bars(line)));
    }

    [Theory]
    [InlineData(0.00000851, "8.51 µs")]
    [InlineData(0.0000851, "85.1 µs")]
    [InlineData(0.00099949, "999 µs")]
    [InlineData(0.0009997, "1.00 ms")]
    [InlineData(0.0633, "63.3 ms")]
    [InlineData(0.09996, "100 ms")]
    [InlineData(0.9997, "1.00 s")]
    [InlineData(2.174, "2.17 s")]
    [InlineData(561.2, "561 s")]
    [InlineData(-0.0012, "-1.20 ms")]
    public void ATimeHasThreeDigitsInTheUnitThatSuitsIt(double seconds, string told) => Assert.Equal(told, Table.Time(seconds));

    [Fact]
    public void ARatioIsOfMemoryWhereNoTimeWasTaken()
    {
        Assert.Equal(0.633 / 0.815, Made.Step.Ratio);
        Assert.Equal(321.4 / 572.6, (Made.Step with { Seconds = null, PeerSeconds = null }).Ratio);
        Assert.Null(Made.Alone.Ratio);
    }

    static string[] Cells(string line) => [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];

    static int[] Bars(string line) => [.. Enumerable.Range(0, line.Length).Where(i => line[i] == '|').SkipLast(1)];
}
