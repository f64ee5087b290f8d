using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Measures on the few texts and labels of language/metrics.</summary>
public class MetricsGoldens
{
    const string Group = "language/metrics";

    // The scripts' own numbers, computed in double.
    const double Exact = 1e-9;

    static readonly Dictionary<string, Action<JsonElement>> texts = new()
    {
        ["mteval_tokens"] = nlg => Assert.Equal(
            [.. E2e(nlg, "mteval_tokens").EnumerateArray().Select(Strings)], Texts(nlg).Select(text => MtevalWords.Of(text.Hypothesis))),
        ["bleu"] = nlg => Equal(E2e(nlg, "bleu"), E2eBleu.Of(Texts(nlg))),
        ["bleu_detail"] = nlg => AssertDetail(E2e(nlg, "bleu_detail"), E2eBleu.Counts(Texts(nlg))),
        ["bleu_sentences_plus_one"] = nlg => Equal(E2e(nlg, "bleu_sentences_plus_one"), Texts(nlg).Select(E2eBleu.PlusOne)),
        ["nist"] = nlg => Equal(E2e(nlg, "nist"), E2eNist.Of(Texts(nlg))),
        // mteval prints four decimals.
        ["mteval_perl.BLEU"] = nlg => Equal(E2e(nlg, "mteval_perl").GetProperty("BLEU"), MtevalBleu.Of(Texts(nlg)), 6e-5),
        ["mteval_perl.NIST"] = nlg => Equal(E2e(nlg, "mteval_perl").GetProperty("NIST"), MtevalNist.Of(Texts(nlg)), 6e-5),
        ["ptb_words"] = AssertPtbWords,
        ["rouge_l"] = nlg => Equal(E2e(nlg, "rouge_l"), CocoRougeL.Of(PtbRows(nlg))),
        ["rouge_l_segments"] = nlg => Equal(E2e(nlg, "rouge_l_segments"), PtbRows(nlg).Select(CocoRougeL.Of)),
        ["cider"] = nlg => Equal(E2e(nlg, "cider"), Cider.OfEach(PtbRows(nlg)).Average()),
        ["cider_segments"] = nlg => Equal(E2e(nlg, "cider_segments"), Cider.OfEach(PtbRows(nlg))),
        // Our list of function words is not METEOR's own.
        ["meteor_exact_stem"] = nlg => Equal(E2e(nlg, "meteor_exact_stem"), ExactStemMeteor.Of(PtbTexts(nlg)), 0.002),
        ["meteor_exact_stem_segments"] = nlg =>
            Equal(E2e(nlg, "meteor_exact_stem_segments"), PtbTexts(nlg).Select(text => ExactStemMeteor.Of(text)), 0.002),
        ["meteor_exact"] = nlg => Equal(E2e(nlg, "meteor_exact"), ExactStemMeteor.Of(PtbTexts(nlg), stems: false), 0.002),
        ["meteor_exact_segments"] = nlg =>
            Equal(E2e(nlg, "meteor_exact_segments"), PtbTexts(nlg).Select(text => ExactStemMeteor.Of(text, stems: false)), 0.002),
        ["nltk_meteor_exact_stem"] = nlg => Equal(nlg.GetProperty("nltk_meteor_exact_stem").GetProperty("scores"), Texts(nlg).Select(NltkMeteor.Of)),
        ["porter_stems"] = nlg => Assert.All(nlg.GetProperty("porter_stems").EnumerateObject(),
            stem => Assert.Equal(stem.Value.GetString(), PorterStemmer.Stem(stem.Name))),
        ["sacrebleu.sentences"] = nlg => Equal(Sacre(nlg, "sentences"), Texts(nlg).Select(new SacreBleu().Of)),
        ["sacrebleu.chrf"] = nlg => Equal(Sacre(nlg, "chrf"), new Chrf().Of(Texts(nlg))),
        ["sacrebleu.chrf++"] = nlg => Equal(Sacre(nlg, "chrf++"), new Chrf(WordOrder: 2).Of(Texts(nlg))),
        ["sacrebleu.ter"] = nlg => Equal(Sacre(nlg, "ter"), new SacreTer().Of(Texts(nlg))),
        ["sacrebleu.ter_normalized"] = nlg => Equal(Sacre(nlg, "ter_normalized"), new SacreTer(Normalized: true).Of(Texts(nlg))),
        ["rouge_score.plain"] = nlg => AssertRouge(nlg, "plain", new Rouge()),
        ["rouge_score.stemmed"] = nlg => AssertRouge(nlg, "stemmed", new Rouge(Stemmed: true)),
        ["rouge_score.best_of_references_stemmed"] = AssertBestRouge,
    };

    static readonly string[] bleus = ["default", "lowercase", "no_tokenizer", "exp", "floor", "add_k"];

    public static IEnumerable<TheoryDataRow<string>> TextCases => Rows("nlg.json", texts.Keys.Concat(bleus.Select(name => "sacrebleu." + name)));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(TextCases)), Trait("kind", "goldens")]
    public void Text(string name) => Golden.Run(Group, name, () =>
    {
        var nlg = Json("nlg.json");
        if (texts.TryGetValue(name, out var test)) test(nlg);
        else AssertSacreBleu(Sacre(nlg, name["sacrebleu.".Length..]), Texts(nlg));
    });

    static readonly string[] labels = ["binary", "three", "constant", "regression"];

    public static IEnumerable<TheoryDataRow<string>> LabelCases => Rows("glue.json", labels);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(LabelCases)), Trait("kind", "goldens")]
    public void Label(string name) => Golden.Run(Group, name, () =>
    {
        var glue = Json("glue.json");
        double tolerance = glue.GetProperty("tolerance").GetProperty("abs").GetDouble();
        var one = glue.GetProperty(name);
        if (name == "regression") AssertCorrelation(one, tolerance);
        else AssertClassification(one, tolerance);
    });

    static void AssertClassification(JsonElement one, double tolerance)
    {
        var measures = new Classification(Integers(one, "labels"), Integers(one, "predictions"));
        if (one.TryGetProperty("accuracy", out var accuracy)) Equal(accuracy, measures.Accuracy, tolerance);
        if (one.TryGetProperty("f1", out var f1)) Equal(f1, measures.F1(), tolerance);
        if (one.TryGetProperty("macro_f1", out var macro)) Equal(macro, measures.MacroF1, tolerance);
        Equal(one.GetProperty("matthews"), measures.Matthews, tolerance);
    }

    static void AssertCorrelation(JsonElement one, double tolerance)
    {
        double[] right = [.. Doubles(one.GetProperty("labels"))], predicted = [.. Doubles(one.GetProperty("predictions"))];
        Equal(one.GetProperty("pearson"), Correlation.Pearson(right, predicted), tolerance);
        Equal(one.GetProperty("spearman"), Correlation.Spearman(right, predicted), tolerance);
        Equal(one.GetProperty("mse"), Correlation.MeanSquaredError(right, predicted), tolerance);
    }

    static void AssertDetail(JsonElement detail, BleuCounts counts)
    {
        Assert.Equal(Longs(detail, "hits"), counts.Hits);
        Assert.Equal(Longs(detail, "totals"), counts.Totals);
        Assert.Equal(detail.GetProperty("reference_length").GetInt64(), counts.ReferenceLength);
    }

    static void AssertPtbWords(JsonElement nlg)
    {
        foreach (var (text, words) in Texts(nlg).Zip(PtbTexts(nlg)))
        {
            Assert.Equal(words.Hypothesis, PtbWords.Text(text.Hypothesis));
            Assert.Equal(words.References, text.References.Select(PtbWords.Text));
        }
    }

    static void AssertSacreBleu(JsonElement expected, List<ScoredText> rows)
    {
        var options = expected.GetProperty("parameters");
        var bleu = new SacreBleu
        {
            Words = options.TryGetProperty("tokenize", out _) ? WhiteSpaceWords.Of : MtevalWords.Of,
            LowerCase = options.TryGetProperty("lowercase", out var lower) && lower.GetBoolean(),
            Smoothing = Smoothing(options),
            SmoothingValue = options.TryGetProperty("smooth_value", out var value) ? value.GetDouble() : null,
        };
        var counts = bleu.Counts(rows);
        Equal(expected.GetProperty("score"), bleu.Of(rows));
        Equal(expected.GetProperty("precisions"), bleu.Precisions(counts).Select(precision => 100 * precision));
        Equal(expected.GetProperty("bp"), counts.BrevityPenalty);
        Assert.Equal(expected.GetProperty("sys_len").GetInt64(), counts.HypothesisLength);
        Assert.Equal(expected.GetProperty("ref_len").GetInt64(), counts.ReferenceLength);
    }

    static BleuSmoothing Smoothing(JsonElement options)
    {
        if (!options.TryGetProperty("smooth_method", out var method)) return BleuSmoothing.Exponential;
        return method.GetString() switch
        {
            "exp" => BleuSmoothing.Exponential,
            "floor" => BleuSmoothing.Floor,
            "add-k" => BleuSmoothing.AddK,
            "none" => BleuSmoothing.None,
            var other => throw new InvalidOperationException($"smoothing {other}"),
        };
    }

    static void AssertRouge(JsonElement nlg, string name, Rouge rouge)
    {
        foreach (var (text, expected) in Texts(nlg).Zip(nlg.GetProperty("rouge_score").GetProperty(name).EnumerateArray()))
        {
            string reference = text.References[0];
            Equal(expected.GetProperty("rouge1"), Numbers(rouge.N(text.Hypothesis, reference, 1)));
            Equal(expected.GetProperty("rouge2"), Numbers(rouge.N(text.Hypothesis, reference, 2)));
            Equal(expected.GetProperty("rougeL"), Numbers(rouge.L(text.Hypothesis, reference)));
            Equal(expected.GetProperty("rougeLsum"), Numbers(rouge.LSum(text.Hypothesis, reference)));
        }
    }

    static void AssertBestRouge(JsonElement nlg)
    {
        var rouge = new Rouge(Stemmed: true);
        foreach (var (text, expected) in Texts(nlg).Zip(nlg.GetProperty("rouge_score").GetProperty("best_of_references_stemmed").EnumerateArray()))
        {
            Equal(expected.GetProperty("rouge1"), rouge.N([text], 1));
            Equal(expected.GetProperty("rougeL"), rouge.L([text]));
        }
    }

    static double[] Numbers(PrecisionRecall one) => [one.Precision, one.Recall, one.F];

    static IEnumerable<TheoryDataRow<string>> Rows(string file, IEnumerable<string> names) =>
        File.Exists(Path.Combine(GoldenFolder.Root, Group, file)) ? names.Select(name => new TheoryDataRow<string>(name)) : [];

    static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Root, Group, file))).RootElement;

    static JsonElement E2e(JsonElement nlg, string name) => nlg.GetProperty("e2e_metrics").GetProperty(name);

    static JsonElement Sacre(JsonElement nlg, string name) => nlg.GetProperty("sacrebleu").GetProperty(name);

    static List<ScoredText> Texts(JsonElement nlg) => Texts(nlg.GetProperty("hypotheses"), nlg.GetProperty("references"));

    static List<ScoredText> PtbTexts(JsonElement nlg) => Texts(E2e(nlg, "ptb_hypotheses"), E2e(nlg, "ptb_references"));

    static List<ScoredWords> PtbRows(JsonElement nlg) => ScoredWords.Of(PtbTexts(nlg), WhiteSpaceWords.Of);

    static List<ScoredText> Texts(JsonElement hypotheses, JsonElement references) =>
        [.. hypotheses.EnumerateArray().Zip(references.EnumerateArray(), (hypothesis, all) => new ScoredText(hypothesis.GetString()!, Strings(all)))];

    static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];

    static long[] Longs(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetInt64())];

    static int[] Integers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetInt32())];

    static IEnumerable<double> Doubles(JsonElement list) => list.EnumerateArray().Select(one => one.GetDouble());

    static void Equal(JsonElement expected, double got, double tolerance = Exact) => Assert.InRange(got - expected.GetDouble(), -tolerance, tolerance);

    static void Equal(JsonElement expected, IEnumerable<double> got, double tolerance = Exact)
    {
        double[] want = [.. Doubles(expected)], have = [.. got];
        Assert.Equal(want.Length, have.Length);
        for (int i = 0; i < want.Length; i++) Assert.True(Math.Abs(want[i] - have[i]) <= tolerance, $"{i}: {have[i]}, expected {want[i]}");
    }
}
