namespace Lowrank.Bench.Tests;

public class RoundsTests
{
    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 2.5)]
    [InlineData(new double[] { 7 }, 7)]
    public void TheMedianIsTheMiddle(double[] values, double median) => Assert.Equal(median, Rounds.Median(values));

    [Fact]
    public void RunsTakeTurnsAndAFirstRoundWarmsUp()
    {
        var order = new List<string>();
        var runs = new[] { "a", "b" }.ToDictionary(name => name, name => (Action)(() => order.Add(name)));
        var medians = new Rounds(AtLeast: 2, AtMost: 2, Seconds: 100).Medians(runs);
        Assert.Equal(["a", "b", "a", "b", "b", "a"], order);   // each round begins with another
        Assert.Equal(["a", "b"], medians.Keys);
        order.Clear();
        new Rounds(AtLeast: 2, AtMost: 2, Seconds: 100, IsFixed: true).Medians(runs);
        Assert.Equal(["a", "b", "a", "b", "a", "b"], order);
    }

    [Fact]
    public void WhatHasNoTimeLeftStillRunsAtLeastAsOftenAsAsked()
    {
        int count = 0;
        new Rounds(AtLeast: 3, AtMost: 100, Seconds: 0).Median(() => count++);
        Assert.Equal(1 + 3, count);
    }
}
