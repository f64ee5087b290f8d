namespace Lowrank.Graphs.Tests;

public class HookTests
{
    [Fact]
    public void KeyframesStandByTheirStartsAndEqualOnesInTheirOrder()
    {
        var keyframes = new HookKeyframesValue([]).With(new(1, 0.5, 1)).With(new(2, 0, 1)).With(new(3, 0.5, 0));
        Assert.Equal([2, 1, 3], keyframes.Keyframes.Select(keyframe => keyframe.Strength));
    }

    [Fact]
    public void HooksOfOneFileCountOnceAndOthersAreKeptApart()
    {
        using var file = new HookAdapter("a.safetensors", false, false);
        using var same = new HookAdapter("a.safetensors", false, false);
        var first = new Hook(file, 1, 1);
        var joined = Hook.Joined([first], [first with { Keyframes = [new(0.5, 0, 1)] }, new Hook(same, 1, 1)]);
        Assert.Equal([file, same], joined.Select(hook => hook.Adapter));
        Assert.Empty(joined[0].Keyframes);
    }
}
