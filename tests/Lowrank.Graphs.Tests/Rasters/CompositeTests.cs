using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Graphs.Tests;

public class CompositeTests
{
    [Theory]
    [InlineData(0, 0, 4)]
    [InlineData(3, 1, 2)]
    [InlineData(-1, 0, 2)]
    [InlineData(9, 9, 0)]
    public void WhatLiesOnTheGroundShows(int x, int y, int covered)
    {
        using var scope = NewDisposeScope();
        var ground = zeros([2, 1, 3, 4], dtype: ScalarType.Float32, device: CPU);
        var laid = ones([1, 1, 2, 2], dtype: ScalarType.Float32, device: CPU);
        var made = Composite.Lay(ground, laid, x, y, null, resizes: false);
        Assert.Equal(2 * covered, made.sum().ToSingle());
        Assert.Equal(0, ground.sum().ToSingle());
    }

    [Fact]
    public void AMaskOfAnySizeMixes()
    {
        using var scope = NewDisposeScope();
        var ground = zeros([1, 3, 4, 4], dtype: ScalarType.Float32, device: CPU);
        var laid = ones([1, 3, 4, 4], dtype: ScalarType.Float32, device: CPU);
        var made = Composite.Lay(ground, laid, 0, 0, full([1, 2, 2], 0.25f, dtype: ScalarType.Float32, device: CPU), resizes: false);
        Assert.True((made - 0.25).abs().max().ToSingle() < 1e-6);
    }
}
