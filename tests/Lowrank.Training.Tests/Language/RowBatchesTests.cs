namespace Lowrank.Training.Tests;

public sealed class RowBatchesTests
{
    static readonly List<LearnedRow> rows = [.. Enumerable.Range(1, 45).Select(length => LearnedRow.Whole([.. Enumerable.Repeat(length, 1 + length % 9)]))];

    static RowBatches Batches(RowBatchOptions options) => new(rows, new RowCollator(0), options);

    [Theory, InlineData(true, false), InlineData(true, true), InlineData(false, true), InlineData(false, false)]
    public void APassShowsEachRowOnce(bool shuffles, bool groups)
    {
        var batches = Batches(new() { BatchSize = 4, Seed = 3, Shuffles = shuffles, GroupsByLength = groups });
        foreach (int pass in new[] { 0, 1 })
        {
            var shown = Enumerable.Range(pass * batches.PerEpoch, batches.PerEpoch).SelectMany(number => batches.Rows(number)).ToList();
            Assert.Equal(rows.Select(row => row.Ids[0]), shown.Select(row => row.Ids[0]).Order());
        }
    }

    [Fact]
    public void RowsOfLikeLengthShareABatch()
    {
        // 900 rows: stretches of 50 batches, as transformers sorts them; of few rows they are of a batch or two.
        List<LearnedRow> many = [.. Enumerable.Repeat(rows, 20).SelectMany(all => all)];

        int Spread(bool groups)
        {
            var batches = new RowBatches(many, new RowCollator(0), new() { BatchSize = 4, GroupsByLength = groups });
            return Enumerable.Range(0, batches.PerEpoch).Select(number => batches.Rows(number))
                .Sum(batch => batch.Max(row => row.Ids.Count) - batch.Min(row => row.Ids.Count));
        }
        Assert.True(Spread(true) < Spread(false) / 10, $"{Spread(true)} against {Spread(false)}");
        Assert.Equal(rows.Max(row => row.Ids.Count), Batches(new() { BatchSize = 4, GroupsByLength = true }).Rows(0)[0].Ids.Count);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void TokensThatCountAreThoseOfTheBatch(bool flat)
    {
        var packed = RowPacker.Pack(rows, RowPacking.BestFit, 16);
        var batches = new RowBatches(packed, new RowCollator(0), new() { BatchSize = 3, LiesFlat = flat });
        for (int number = 0; number < batches.PerEpoch; number++)
        {
            using var batch = batches[number].Rows;
            using var behind = batch.Labels.narrow(1, 1, batch.Labels.shape[1] - 1);
            using var counted = behind.ne(LanguageBatch.NotCounted);
            using var sum = counted.sum();
            Assert.Equal(sum.item<long>(), batches.CountedTokens(number));
        }
    }

    [Theory, InlineData(RowPacking.BestFitSplit), InlineData(RowPacking.Wrapped)]
    public void PackingLosesNoToken(RowPacking packing) =>
        Assert.Equal(rows.SelectMany(row => row.Ids).Order(), RowPacker.Pack(rows, packing, 7).SelectMany(row => row.Ids).Order());
}
