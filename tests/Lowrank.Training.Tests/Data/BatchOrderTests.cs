namespace Lowrank.Training.Tests;

public sealed class BatchOrderTests
{
    readonly BatchOrder order = new([3, 1, 2, 1], batchSize: 2, seed: 5);

    IEnumerable<int[]> Epoch(int number) => Enumerable.Range(number * order.PerEpoch, order.PerEpoch).Select(batch => order[batch].Items.ToArray());

    [Fact]
    public void AnEpochShowsEachPictureAsOftenAsItsRepeats()
    {
        for (int epoch = 0; epoch < 3; epoch++)
            Assert.Equal([0, 0, 0, 1, 2, 2, 3], Epoch(epoch).SelectMany(batch => batch).Order());
    }

    [Fact]
    public void TheLastBatchOfAnEpochHoldsTheRest()
    {
        Assert.Equal(4, order.PerEpoch);
        Assert.Equal([2, 2, 2, 1], Epoch(0).Select(batch => batch.Length));
    }

    [Fact]
    public void EveryEpochHasAnOrderOfItsOwn() => Assert.NotEqual(Epoch(0).SelectMany(b => b), Epoch(1).SelectMany(b => b));

    [Fact]
    public void ABatchDependsOnSeedAndNumberAlone()
    {
        var again = new BatchOrder([3, 1, 2, 1], 2, 5);
        Assert.Equal(order[9].Items, again[9].Items);
        Assert.Equal(order[2].Items, again[2].Items);
    }
}
