using Lowrank.Language;
using Lowrank.Models;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Perplexity by sliding windows: each token once, and as transformers' documentation has it.</summary>
public sealed class SlidingPerplexityGoldens
{
    const string Group = "training/sft2/perplexity";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Windows(string name) => Golden.Run(Group, name, c =>
    {
        string folder = Path.Combine(GoldenFolder.Root, c.Group.Json.GetProperty("model").GetString()!);
        using var network = (CausalModel)LanguageModels.Load(folder);
        int[] ids = [.. c.Input("input_ids").reshape(-1).data<long>().Select(id => (int)id)];
        int window = c["config"].GetProperty("max_length").GetInt32(), stride = c["config"].GetProperty("stride").GetInt32();
        var windows = stride == window ? Chunks(ids.Length, window) : [.. Perplexity.Windows(ids.Length, window, stride)];
        var rows = windows.Select(one => ScoringRow.From(ids[one.Start..(one.Start + one.Length)], one.FirstCounted)).ToList();
        var losses = new double[rows.Count];
        foreach (var scored in new RowScorer(network).Score(rows)) losses[scored.Row] = -scored.Sum / scored.LogProbabilities.Length;
        int[] counts = [.. rows.Select(row => row.Counted.Count)];
        Assert.Equal(c["expected"].GetProperty("number_of_windows").GetInt32(), windows.Count);
        int first = stride == window ? windows.Count : 1;   // which nothing foretells
        Assert.Equal(c["expected"].GetProperty("tokens").GetInt32(), counts.Sum() + first);
        AssertWindows(c, windows, losses, counts);
        AssertNear(c, "perplexity_every_token_once", Math.Exp(losses.Zip(counts, (loss, count) => loss * count).Sum() / counts.Sum()));
        // The documented recipe takes a token less of each window but the first, which has it right.
        int[] documented = [.. counts.Select((count, at) => at == 0 || stride == window ? count : count - 1)];
        AssertNear(c, "perplexity_documented", Math.Exp(losses.Zip(documented, (loss, count) => loss * count).Sum() / documented.Sum()));
    });

    // Windows that do not overlap lose the first token of each, as transformers has them; ours would begin one token earlier.
    static List<PerplexityWindow> Chunks(int tokens, int window) =>
        [.. Enumerable.Range(0, (tokens + window - 1) / window).Select(at => new PerplexityWindow(at * window, Math.Min(window, tokens - at * window), 1))];

    static void AssertWindows(GoldenCase c, List<PerplexityWindow> windows, double[] losses, int[] counts)
    {
        foreach (var expected in c["expected"].GetProperty("windows").EnumerateArray())
        {
            int begin = expected.GetProperty("begin").GetInt32();
            int at = windows.FindIndex(window => window.Start == begin);
            Assert.Equal(expected.GetProperty("end").GetInt32(), begin + windows[at].Length);
            Assert.Equal(expected.GetProperty("labels_not_shifted_away").GetInt32(), counts[at]);
            Near(c, expected.GetProperty("loss").GetDouble(), losses[at], $"loss of the window at {begin}");
        }
    }

    static void AssertNear(GoldenCase c, string what, double got) => Near(c, c["expected"].GetProperty(what).GetDouble(), got, what);

    static void Near(GoldenCase c, double expected, double got, string what) =>
        Assert.True(Math.Abs(got - expected) <= c.Atol + c.Rtol * Math.Abs(expected), $"{c.Name}: {what} is {got}, expected {expected}");
}
