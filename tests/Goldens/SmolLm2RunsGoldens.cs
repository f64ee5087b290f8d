using System.Text.Json;
using System.Text.RegularExpressions;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The real small model measured: perplexity, pairs of sentences, restaurants put into words.</summary>
public class SmolLm2RunsGoldens
{
    public static IEnumerable<TheoryDataRow<int>> Texts =>
        SmolLm2Runs.AreThere ? Enumerable.Range(0, SmolLm2Runs.Of("perplexity").GetProperty("cases").GetArrayLength()).Select(at => new TheoryDataRow<int>(at)) : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Texts)), Trait("kind", "goldens")]
    public void Perplexity(int number)
    {
        using var model = SmolLm2.Load();
        Golden.Run(SmolLm2Runs.Group, $"perplexity.{number}", () => AssertPerplexity(model, number));
    }

    static void AssertPerplexity(LanguageModel model, int number)
    {
        var all = SmolLm2Runs.Of("perplexity");
        var one = all.GetProperty("cases")[number];
        int window = all.GetProperty("window").GetInt32(), stride = all.GetProperty("stride").GetInt32();
        double tolerance = all.GetProperty("tolerance").GetProperty("nll_sum_rel").GetDouble();
        int[] ids = [.. model.Tokenizer.Encode(SmolLm2Runs.Text(one)).Ids.Take(one.GetProperty("tokens").GetInt32())];
        Assert.Equal(one.GetProperty("sum_of_ids").GetInt64(), ids.Sum(id => (long)id));
        int begin = BeginTokens.Usual(model.Tokenizer);
        AssertSum("plain", [ScoringRow.From(ids)]);
        AssertSum("begin", [ScoringRow.From([begin, .. ids])]);
        AssertSum("sliding", [.. Lowrank.Language.Perplexity.Windows(ids.Length, window, stride).Select(part =>
            ScoringRow.From(ids[part.Start..(part.Start + part.Length)], part.FirstCounted))]);
        AssertSum("chunks", [.. ids.Chunk(window).Select(part => ScoringRow.From(part))]);

        void AssertSum(string way, List<ScoringRow> rows)
        {
            var wanted = one.GetProperty(way);
            var scored = new RowScorer(model.Network).Score(rows).ToList();
            Assert.Equal(wanted.GetProperty("counted").GetInt32(), scored.Sum(row => row.LogProbabilities.Length));
            double sum = wanted.GetProperty("nll_sum").GetDouble(), got = -scored.Sum(row => row.Sum);
            Assert.True(Math.Abs(got - sum) <= tolerance * sum, $"{way}: {got}, expected {sum}");
        }
    }

    public static IEnumerable<TheoryDataRow<string>> PairCases => SmolLm2Runs.AreThere ? [new("pairs.sentences"), new("pairs.accuracy")] : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(PairCases)), Trait("kind", "goldens")]
    public void Pairs(string name)
    {
        using var model = SmolLm2.Load();
        Golden.Run(SmolLm2Runs.Group, name, () =>
        {
            var golden = SmolLm2Runs.Of("pairs");
            var pairs = PairData.Read(SmolLm2Runs.Data("blimp/test.jsonl"));
            if (name == "pairs.sentences") AssertSentences(model, golden, pairs);
            else AssertAccuracy(model, golden, pairs);
        });
    }

    static void AssertSentences(LanguageModel model, JsonElement golden, List<TextPair> pairs)
    {
        double tolerance = golden.GetProperty("tolerance").GetProperty("logp_abs").GetDouble();
        foreach (var sentence in golden.GetProperty("sentences").EnumerateArray())
        {
            var result = new PairRows([pairs[sentence.GetProperty("line").GetInt32()]]).For(model, new()).Measure(cancel: TestContext.Current.CancellationToken);
            Assert.Equal(sentence.GetProperty("chosen_logp").GetDouble(), result.Rows[0].Values["better"], tolerance);
            Assert.Equal(sentence.GetProperty("rejected_logp").GetDouble(), result.Rows[0].Values["worse"], tolerance);
        }
    }

    static void AssertAccuracy(LanguageModel model, JsonElement golden, List<TextPair> pairs)
    {
        var selection = Regex.Match(golden.GetProperty("selection").GetString()!, @"i mod (\d+) = (\d+)");
        int every = int.Parse(selection.Groups[1].Value), rest = int.Parse(selection.Groups[2].Value);
        List<TextPair> chosen = [.. pairs.Where((_, at) => at % every == rest)];
        var measures = new PairRows(chosen).For(model, new()).Measure(cancel: TestContext.Current.CancellationToken).Measures;
        AssertRight(golden.GetProperty("right"), golden.GetProperty("pairs"), measures[0]);
        AssertRight(golden.GetProperty("right_by_mean_log_probability"), golden.GetProperty("pairs"), measures[1]);
        foreach (var group in golden.GetProperty("by_phenomenon").EnumerateObject())
            AssertRight(group.Value[0], group.Value[1], measures.Single(measure => measure.Group == group.Name));
    }

    static void AssertRight(JsonElement right, JsonElement all, Measured measure)
    {
        Assert.Equal(all.GetInt32(), measure.Count);
        Assert.Equal(right.GetInt32(), measure.Value * measure.Count, 1e-6);
    }

    public static IEnumerable<TheoryDataRow<string>> E2eCases => SmolLm2Runs.AreThere ? [new("e2e.scores")] : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(E2eCases)), Trait("kind", "goldens")]
    public void E2e(string name) => Golden.Run(SmolLm2Runs.Group, name, () =>
    {
        var golden = SmolLm2Runs.Of("e2e");
        AssertScores(golden, E2eData.ReadJson(SmolLm2Runs.Data("e2e-nlg/test.jsonl"))[Chosen(golden.GetProperty("rows").GetString()!)]);
    });

    // "the first 40", or "rows 40..79".
    static Range Chosen(string rows)
    {
        int[] numbers = [.. Regex.Matches(rows, @"\d+").Select(number => int.Parse(number.Value))];
        return numbers.Length == 1 ? ..numbers[0] : numbers[0]..(numbers[1] + 1);
    }

    static void AssertScores(JsonElement golden, List<DataToText> facts)
    {
        var (scores, tolerance) = (golden.GetProperty("scores"), golden.GetProperty("tolerance"));
        var texts = golden.GetProperty("answers").EnumerateArray().Zip(facts, (answer, fact) => new ScoredText(
            string.Join(' ', answer.GetProperty("text").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), fact.References)).ToList();
        var measures = FactMeasures.E2e.Over(texts).ToDictionary(measure => measure.Name, measure => measure.Value);
        Near("bleu", "bleu");
        Near("nist", "nist");
        Near("rouge-l-coco", "rouge_l");
        Near("cider", "cider");
        Near("meteor-exact-stem", "meteor_exact_stem");

        void Near(string measure, string name) => Assert.Equal(
            scores.GetProperty(name).GetDouble(), measures[measure], tolerance.GetProperty(name).GetDouble());
    }
}
