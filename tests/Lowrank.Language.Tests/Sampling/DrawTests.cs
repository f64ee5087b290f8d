using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>Draws and their streams.</summary>
public class DrawTests
{
    [Fact]
    public void NumbersThatAreSkippedAreNumbersThatAreDrawn()
    {
        var (one, other) = (new MersenneTwister(5), new MersenneTwister(5));
        foreach (int count in new[] { 0, 1, 623, 624, 625, 5000 })
        {
            for (int i = 0; i < count; i++) one.NextUInt32();
            other.Skip(count);
            Assert.Equal(one.NextUInt32(), other.NextUInt32());
        }
    }

    [Fact]
    public void TheStreamIsLibtorchs() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(77);
        var stream = new MersenneTwister(77);
        Assert.Equal([.. rand(10, device: CPU, generator: generator).data<float>()], Enumerable.Range(0, 10).Select(_ => stream.NextSingle()));
    });

    [Fact]
    public void TokensComeAsOftenAsTheirProbabilities()
    {
        float[] probabilities = [0.5f, 0, 0.25f, 0.25f];
        var generator = new MersenneTwister(1);
        int[] counts = new int[4];
        for (int i = 0; i < 8000; i++) counts[Multinomial.Draw(probabilities, generator)]++;
        Assert.Equal(0, counts[1]);
        // Four standard deviations.
        Assert.All([(0, 4000), (2, 2000), (3, 2000)], one => Assert.InRange(counts[one.Item1], one.Item2 - 180, one.Item2 + 180));
    }

    [Fact]
    public void TheShortWayOfADrawGivesTheLargestRatio()
    {
        var random = new Random(4);
        for (int trial = 0; trial < 50; trial++)
        {
            float[] probabilities = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 0f : (float)Math.Exp(random.NextDouble() * 8))];
            float[] q = [.. Enumerable.Range(0, 300).Select(_ => 0f)];
            var (drawn, whole) = (new MersenneTwister(trial), new MersenneTwister(trial));
            for (int i = 0; i < q.Length; i++) q[i] = probabilities[i] / whole.NextExponential();
            Assert.Equal(Array.IndexOf(q, q.Max()), Multinomial.Draw(probabilities, drawn));
            Assert.Equal(whole.NextUInt32(), drawn.NextUInt32());
        }
    }

    [Fact]
    public void ASeedGivesTheSameTextWhateverElseIsWritten()
    {
        int[] Write(int seed, int others)
        {
            var samplers = Enumerable.Range(0, 1 + others).Select(i => new TransformersSampler(new() { Samples = true, TopK = 20 }, new(i == 0 ? seed : 100 + i))).ToList();
            var written = samplers.Select(_ => new List<int>()).ToList();
            for (int place = 0; place < 12; place++)
                foreach (var (at, sampler) in samplers.Index()) written[at].Add(sampler.Next(new([.. written[at]], 0), Toy.Logits(written[at], 50)));
            return [.. written[0]];
        }
        Assert.Equal(Write(9, others: 0), Write(9, others: 3));
        Assert.NotEqual(Write(9, others: 0), Write(10, others: 0));
    }

    [Fact]
    public void DrawingWithoutAGeneratorIsAnError() => Assert.Contains("generator",
        Assert.Throws<LowrankException>(() => new TransformersSampler(new() { Samples = true }).Next(new([], 0), [1, 2])).Message);
}
