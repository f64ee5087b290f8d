namespace Lowrank.Torch.Tests;

public class WrappingConvolutionTests
{
    [Fact]
    public void WhatMovesRoundTheEdgesMovesItsAnswer() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var layer = new Layers.Conv2d(2, 3, 3, padding: 1) { Wraps = true };
        foreach (var parameter in layer.parameters()) using (no_grad()) parameter.normal_();
        var x = randn([1, 2, 6, 5], device: CPU);
        var moved = layer.call(x.roll([2, 1], [2, 3]));
        Assert.True((moved - layer.call(x).roll([2, 1], [2, 3])).abs().max().ToSingle() < 1e-5);
        layer.Wraps = false;
        Assert.False(layer.Convolution.Wraps);
    });
}
