namespace Lowrank.Torch.Tests;

public class ScratchTests
{
    [Fact]
    public void OneTensorAfterAnotherLiesInTheSameMemory() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scratch = new Scratch();
        using var scope = NewDisposeScope();
        var large = scratch.Of(ScalarType.Float32, [2, 3]).fill_(7);
        var small = scratch.Copy(arange(4, dtype: ScalarType.Int64).reshape(2, 2), ScalarType.Float32);
        Assert.Equal([2, 2], small.shape);
        Assert.Equal([0, 1, 2, 3, 7, 7], large.data<float>().ToArray());
    });

    [Fact]
    public void AnotherDtypeHasItsOwnMemory() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scratch = new Scratch();
        using var scope = NewDisposeScope();
        var wide = scratch.Of(ScalarType.Float32, [4]).fill_(7);
        scratch.Copy(wide, ScalarType.BFloat16).zero_();
        Assert.Equal([7, 7, 7, 7], wide.data<float>().ToArray());
    });

    [Fact]
    public void ALargerTensorTakesLargerMemoryAndLeavesTheOldToItsHandles() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scratch = new Scratch();
        using var scope = NewDisposeScope();
        var first = scratch.Of(ScalarType.Float32, [2]).fill_(7);
        var second = scratch.Of(ScalarType.Float32, [1 << 20]).zero_();   // four megabytes: in large pages, where there are any
        Assert.Equal([7, 7], first.data<float>().ToArray());
        Assert.Equal(0, second.abs().sum().ToSingle());
        Assert.Equal(0, scratch.Of(ScalarType.Float32, [0, 3]).numel());
        Assert.Equal(3, scratch.Of(ScalarType.Float32, []).fill_(3).ToSingle());
    });
}
