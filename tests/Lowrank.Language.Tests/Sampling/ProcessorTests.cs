namespace Lowrank.Language.Tests;

/// <summary>Laws of processors, on vocabularies that are larger than the goldens'.</summary>
public class ProcessorTests
{
    static float[] Row(int vocabulary, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, vocabulary).Select(_ => (float)(random.NextDouble() * 24 - 12))];
    }

    static float[] After(LogitsProcessor processor, float[] logits, params int[] history)
    {
        float[] row = [.. logits];
        processor.Process(new(history, 0), row);
        return row;
    }

    static HashSet<int> Kept(float[] logits) => [.. Enumerable.Range(0, logits.Length).Where(id => !float.IsNegativeInfinity(logits[id]))];

    [Theory, InlineData(7, 3), InlineData(5003, 1), InlineData(5003, 50), InlineData(5003, 2500), InlineData(5003, 9999)]
    public void TopKKeepsTheLikeliest(int vocabulary, int count)
    {
        float[] logits = Row(vocabulary, count);
        var wanted = Enumerable.Range(0, vocabulary).OrderByDescending(id => logits[id]).Take(count).ToHashSet();
        Assert.Equal(wanted, Kept(After(new TopK(count), logits)));
    }

    [Theory, InlineData(7, 0.5), InlineData(5003, 0.1), InlineData(5003, 0.9), InlineData(5003, 0.9999), InlineData(33, 0.0001)]
    public void TopPKeepsTheFewestThatHoldTheShare(int vocabulary, double share)
    {
        float[] logits = Row(vocabulary, 3);
        double sum = logits.Sum(logit => Math.Exp(logit)), before = 0;
        var wanted = new HashSet<int>();
        foreach (int id in Enumerable.Range(0, vocabulary).OrderByDescending(id => logits[id]))
        {
            if (before < share * sum) wanted.Add(id);
            before += Math.Exp(logits[id]);
        }
        var kept = Kept(After(new TopP(share), logits));
        // The last one may fall either way by rounding.
        Assert.InRange(kept.Except(wanted).Count() + wanted.Except(kept).Count(), 0, share > 0.999 ? 1 : 0);
    }

    [Fact]
    public void FiltersLeaveTheLikeliestHoweverStrict()
    {
        float[] logits = Row(1000, 5);
        int likeliest = Array.IndexOf(logits, logits.Max());
        foreach (LogitsProcessor strict in new LogitsProcessor[] { new TopP(1e-9), new MinP(1), new EpsilonCutoff(0.999), new EtaCutoff(0.999), new TopK(1) })
            Assert.Contains(likeliest, Kept(After(strict, logits)));
    }

    [Fact]
    public void LeastTokensAreLeft() => Assert.All(
        new LogitsProcessor[] { new TopP(1e-9, 4), new MinP(1, 4), new EpsilonCutoff(0.9, 4) },
        strict => Assert.Equal(4, Kept(After(strict, Row(500, 6))).Count));

    [Fact]
    public void ARunIsNotRepeated() => Assert.Equal([0, 1, 3, 4], Kept(After(new NoRepeatedRuns(3), new float[5], 4, 1, 2, 0, 4, 1)).Order());

    [Fact]
    public void ABiasOfASequenceFallsOnItsLastToken() => Assert.Equal(
        [0f, 0, 2, 0], After(new SequenceBias([([3, 1, 2], 2f), ([0, 3], 5f)]), new float[4], 0, 3, 1));

    [Fact]
    public void RepetitionIsTakenOnceForEachToken() => Assert.Equal([2f, -4, 1], After(new RepetitionPenalty(2), [4, -2, 1], 0, 1, 0, 1));

    [Fact]
    public void TheChainHasTransformersOrder()
    {
        var options = new SamplingOptions
        {
            Samples = true, Temperature = 0.5, TopK = 5, TopP = 0.9, MinP = 0.1, TypicalP = 0.9, EpsilonCutoff = 0.01, EtaCutoff = 0.01, RepetitionPenalty = 1.2,
            NoRepeatNgramSize = 2, BadWords = [[3, 4]], MinLength = 3, MinNewTokens = 2, EndTokens = [1], ForcedBegin = 2, ForcedEnd = [1],
            SuppressTokens = [7], BeginSuppressTokens = [8], SequenceBias = [([5], 1f)], Allowed = _ => [1], RenormalizeLogits = true,
        };
        Assert.Equal(
            "SequenceBias RepetitionPenalty NoRepeatedRuns SequenceBias MinLength MinNewTokens AllowedTokens ForcedTokens ForcedTokens BannedTokens " +
            "BannedFirstTokens Temperature TopK TopP MinP TypicalP EpsilonCutoff EtaCutoff Renormalized",
            string.Join(' ', TransformersChain.Of(options).Select(processor => processor.GetType().Name)));
    }

    [Fact]
    public void EveryFaultOfOptionsIsTold()
    {
        string message = Assert.Throws<LowrankException>(() => new SamplingOptions { Temperature = 0, TopP = 2, MaxNewTokens = 0 }.Check()).Message;
        Assert.All(["Temperature is 0", "TopP is 2", "MaxNewTokens is 0"], fault => Assert.Contains(fault, message));
    }

    [Fact]
    public void ARowWithoutATokenIsAnError() => Assert.Contains("no token is left", Assert.Throws<LowrankException>(
        () => new TransformersSampler(new()).Next(new([], 0), [float.NegativeInfinity, float.NegativeInfinity])).Message);
}
