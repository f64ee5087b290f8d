namespace Lowrank.Torch.Tests;

public sealed class CrewTests
{
    [Theory]
    [InlineData(1, 1), InlineData(1, 4), InlineData(7, 1), InlineData(7, 2), InlineData(64, 3)]
    public void EachPieceIsDoneOnce(int pieces, int threads)
    {
        int[] times = new int[pieces];
        Crew.Run(pieces, threads, piece => Interlocked.Increment(ref times[piece]));
        Assert.All(times, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void WhatAPieceThrowsIsThrown(int threads)
    {
        var fault = Assert.Throws<ShapeException>(() => Crew.Run(8, threads, piece =>
        {
            if (piece == 5) throw new ShapeException("the sixth");
        }));
        Assert.Equal("the sixth", fault.Message);
    }

    [Fact]
    public void ManyThreadsMayHaveTheirOwn()
    {
        long sum = 0;
        Parallel.For(0, 16, _ => Crew.Run(8, 2, piece => Interlocked.Add(ref sum, piece)));
        Assert.Equal(16 * 28, sum);
    }
}
