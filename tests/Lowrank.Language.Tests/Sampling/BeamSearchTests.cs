using Lowrank.Torch;

namespace Lowrank.Language.Tests;

/// <summary>Beams over a toy.</summary>
public class BeamSearchTests
{
    const int Vocabulary = 6;

    static IReadOnlyList<Beam> Search(BeamOptions beams, SamplingOptions options, MersenneTwister? generator = null, Action<BeamSearch>? look = null)
    {
        var search = new BeamSearch([5], beams, options, generator);
        while (!search.IsDone)
        {
            look?.Invoke(search);
            search.Step([.. search.Running.SelectMany(beam => Toy.Logits([5, .. beam.Written], Vocabulary))]);
        }
        return search.Results;
    }

    static double LogProbability(IReadOnlyList<int> written)
    {
        double sum = 0;
        var before = new List<int> { 5 };
        foreach (int token in written)
        {
            float[] logits = Toy.Logits(before, Vocabulary);
            sum += logits[token] - Math.Log(logits.Sum(logit => Math.Exp(logit)));
            before.Add(token);
        }
        return sum;
    }

    [Fact]
    public void ManyBeamsFindTheBestTextOfAll()
    {
        var all = from a in Enumerable.Range(0, Vocabulary) from b in Enumerable.Range(0, Vocabulary) from c in Enumerable.Range(0, Vocabulary) select new[] { a, b, c };
        int[] best = all.MaxBy(LogProbability)!;
        Assert.Equal(best, Search(new(Beams: 36), new() { MaxNewTokens = 3 })[0].Written);
    }

    [Fact]
    public void AScoreIsTheSumOverTheLengthToThePenalty()
    {
        foreach (var found in Search(new(Beams: 4, LengthPenalty: 0.7, Returned: 3), new() { MaxNewTokens = 5, EndTokens = [2] }))
        {
            Assert.Equal(LogProbability(found.Written) / Math.Pow(found.Written.Count, 0.7), found.Score, 1e-4);
            Assert.Equal(LogProbability(found.Written), found.TokenScores.Sum(), 1e-4);
        }
    }

    [Fact]
    public void ResultsEndWithAnEndTokenOrAreAsLongAsCanBeAndTheBestComesFirst()
    {
        var results = Search(new(Beams: 4, Returned: 4), new() { MaxNewTokens = 6, EndTokens = [2] });
        Assert.All(results, found => Assert.True(found.Written[^1] == 2 || found.Written.Count == 6));
        Assert.Equal(results.OrderByDescending(found => found.Score), results);
        Assert.Equal(4, results.Select(found => string.Join(' ', found.Written)).Distinct().Count());
    }

    [Fact]
    public void EveryBeamContinuesItsParent()
    {
        IReadOnlyList<Beam> before = [];
        Search(new(Beams: 3), new() { MaxNewTokens = 6 }, look: search =>
        {
            if (before.Count > 0) Assert.All(search.Running, beam => Assert.Equal(before[beam.Parent].Written, beam.Written.SkipLast(1)));
            before = search.Running;
        });
    }

    [Fact]
    public void EnoughStopsNoLaterThanNever()
    {
        int Steps(EarlyStopping stopping)
        {
            int steps = 0;
            Search(new(Beams: 3, EarlyStopping: stopping), new() { MaxNewTokens = 30, EndTokens = [1, 2] }, look: _ => steps++);
            return steps;
        }
        Assert.True(Steps(EarlyStopping.Enough) <= Steps(EarlyStopping.Never));
    }

    [Fact]
    public void SampledBeamsHangOnTheSeed()
    {
        string Written(long seed) => string.Join(' ', Search(new(Beams: 2), new() { MaxNewTokens = 8, Samples = true }, new(seed))[0].Written);
        Assert.Equal(Written(3), Written(3));
        Assert.True(Enumerable.Range(0, 8).Select(seed => Written(seed)).Distinct().Count() > 1);
    }

    [Fact]
    public void MoreTextsThanBeamsAreRefused() =>
        Assert.Contains("1 to 3", Assert.Throws<LowrankException>(() => new BeamOptions(Beams: 3, Returned: 4).Check()).Message);
}
