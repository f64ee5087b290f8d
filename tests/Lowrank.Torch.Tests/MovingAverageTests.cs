namespace Lowrank.Torch.Tests;

public class MovingAverageTests
{
    [Fact]
    public void WithinItsScopeParametersAreTheAveragesAndComeBackBitForBit() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var weight = randn(3, 5);
        using var average = new MovingAverage([weight], new(Decay: 0.5));
        average.Update();
        weight.add_(1);
        average.Update();
        var trained = weight.clone();
        average.Within(() => Assert.False(weight.equal(trained).all().ToBoolean()));
        Assert.True(weight.equal(trained).all().ToBoolean());
    });

    [Fact]
    public void EveryValueOutOfItsRangeIsToldAtOnce()
    {
        string told = Assert.Throws<LowrankException>(() => new MovingAverage([], new(Decay: 1, LeastDecay: 2, UpdateAfter: -1, Power: 0))).Message;
        foreach (string part in (string[])["decay 1", "least decay 2", "-1", "power 0"]) Assert.Contains(part, told, StringComparison.Ordinal);
    }
}
