namespace Lowrank.Language.Tests;

/// <summary>Stop strings in streams.</summary>
public class StopStringsTests
{
    static (string Shown, StopStrings Stops) Stream(StopStrings stops, IEnumerable<string> pieces)
    {
        string shown = "";
        foreach (string piece in pieces)
            if (stops.Stop is null) shown += stops.Take(piece);
        return (shown + (stops.Stop is null ? stops.Finish() : ""), stops);
    }

    [Fact]
    public void ATextEndsBeforeTheStopHoweverItIsCutIntoPieces()
    {
        const string Text = "one, two STO STOP three END";
        var random = new Random(2);
        for (int trial = 0; trial < 200; trial++)
        {
            var pieces = new List<string>();
            for (int at = 0; at < Text.Length;)
            {
                int length = Math.Min(random.Next(1, 5), Text.Length - at);
                pieces.Add(Text.Substring(at, length));
                at += length;
            }
            foreach (var holding in Enum.GetValues<StopHoldBack>())
            {
                var (shown, stops) = Stream(new(["END", "STOP"]) { HoldBack = holding }, pieces);
                Assert.Equal("one, two STO ", shown);
                Assert.Equal("STOP", stops.Stop);
            }
        }
    }

    [Fact]
    public void WhatOnlyBeganLikeAStopIsShown() => Assert.Equal("a STO b ST", Stream(new(["STOP"]), ["a ST", "O", " b", " ST"]).Shown);

    [Fact]
    public void OnlyWhatMayBecomeAStopIsHeldBack()
    {
        var stops = new StopStrings(["</s>"]);
        Assert.Equal("text", stops.Take("text<"));
        Assert.Equal("", stops.Take("/"));
        Assert.Equal("</b>", stops.Take("b>"));
    }

    [Fact]
    public void WithoutStopsNothingIsHeldBack() => Assert.Equal("x", new StopStrings([]).Take("x"));

    [Fact]
    public void NothingComesBehindAStop()
    {
        var stops = new StopStrings(["."]);
        stops.Take("a.");
        Assert.Throws<LowrankException>(() => stops.Take("b"));
    }
}
