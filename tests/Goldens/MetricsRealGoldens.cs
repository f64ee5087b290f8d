using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Measures on many rows: restaurants of E2E, and entries of WebNLG and DART.</summary>
public class MetricsRealGoldens
{
    const string Group = "language/metrics-real";

    // With the PTB words of the goldens the scores are the scripts' own.
    const double Exact = 1e-6;

    static readonly Dictionary<string, Func<List<ScoredText>, double>> perturbed = new()
    {
        ["bleu"] = E2eBleu.Of,
        ["bleu_perl"] = MtevalBleu.Of,
        ["nist"] = E2eNist.Of,
        ["nist_perl"] = MtevalNist.Of,
        ["rouge_l"] = CocoRougeL.Of,
        ["cider"] = Cider.Of,
        ["meteor_exact_stem"] = ExactStemMeteor.OfE2e,
    };

    public static IEnumerable<TheoryDataRow<string>> Perturbed => Rows(perturbed.Keys);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Perturbed)), Trait("kind", "goldens")]
    public void PerturbedRows(string name) => Golden.Run(Group, "perturbed." + name, () =>
    {
        double tolerance = Json.GetProperty("tolerance").GetProperty(name).GetDouble();
        Near(Scores.GetProperty(name).GetDouble(), perturbed[name](Texts()), tolerance, name);
    });

    static readonly Dictionary<string, Action> withGivenWords = new()
    {
        ["counts"] = () =>
        {
            var counts = E2eBleu.Counts(Texts());
            Assert.Equal(Longs("bleu_hits"), counts.Hits);
            Assert.Equal(Longs("bleu_totals"), counts.Totals);
            Assert.Equal(Scores.GetProperty("reference_length").GetInt64(), counts.ReferenceLength);
        },
        ["ptb.rouge_l"] = () => Near(Scores.GetProperty("rouge_l").GetDouble(), CocoRougeL.Of(PtbRows()), Exact, "rouge_l"),
        ["ptb.cider"] = () => Near(Scores.GetProperty("cider").GetDouble(), Cider.OfEach(PtbRows()).Average(), Exact, "cider"),
        ["ptb.meteor_exact_stem"] = () =>
            Near(Scores.GetProperty("meteor_exact_stem").GetDouble(), ExactStemMeteor.Of(PtbTexts()), Tolerance("meteor_exact_stem"), "meteor"),
        ["first.rouge_l"] = () => First("rouge_l", PtbRows().Select(CocoRougeL.Of), Exact),
        ["first.cider"] = () => First("cider", Cider.OfEach(PtbRows()), Exact),
        ["first.bleu_plus_one"] = () => First("bleu_plus_one", Texts().Select(E2eBleu.PlusOne), Exact),
        // Single rows hang more on the list of function words than all together.
        ["first.meteor_exact_stem"] = () => First("meteor_exact_stem", PtbTexts().Select(text => ExactStemMeteor.Of(text)), 5 * Tolerance("meteor_exact_stem")),
        ["first.ptb_hypotheses"] = () => Assert.Equal(
            FirstSegments.GetProperty("ptb_hypotheses").EnumerateArray().Select(one => one.GetString()), Texts().Take(15).Select(text => PtbWords.Text(text.Hypothesis))),
    };

    public static IEnumerable<TheoryDataRow<string>> WithGivenWords => Rows(withGivenWords.Keys);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(WithGivenWords)), Trait("kind", "goldens")]
    public void GivenWords(string name) => Golden.Run(Group, "perturbed." + name, withGivenWords[name]);

    public static IEnumerable<TheoryDataRow<string>> Sets => File.Exists(CasesFile) ? Rows(
        from set in DataToText.GetProperty("sets").EnumerateArray()
        from part in set.GetProperty("scores").EnumerateObject()
        select set.GetProperty("set").GetString() + "." + part.Name) : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Sets)), Trait("kind", "goldens")]
    public void DataToTextRows(string name) => Golden.Run(Group, "data_to_text." + name, () =>
    {
        string[] parts = name.Split('.');
        var set = DataToText.GetProperty("sets").EnumerateArray().First(one => one.GetProperty("set").GetString() == parts[0]);
        var scores = set.GetProperty("scores").GetProperty(parts[1]);
        var rows = DataToTextFolder.Rows(set, parts[1]);
        Assert.Equal(scores.GetProperty("rows").GetInt32(), rows.Count);
        var tolerance = DataToText.GetProperty("tolerance");
        var parted = rows.Select(DataToTextFolder.NltkWords).ToList();
        AssertFirst(scores, parted);
        Check(scores, tolerance, "bleu", MultiBleu.Of(rows));
        Check(scores, tolerance, "bleu_nltk", NltkBleu.Of(parted));
        Check(scores, tolerance, "chrf", new Chrf(WordOrder: 2).MeanOfOrders(rows));
        double[] each = [.. parted.Select(PyterTer.Of)];
        double[] wanted = [.. scores.GetProperty("ter_per_row").EnumerateArray().Select(one => one.GetDouble())];
        for (int i = 0; i < wanted.Length; i++) Near(wanted[i], each[i], 1e-6, $"TER of row {i}");
        double ter = tolerance.GetProperty("ter").GetDouble();
        Near(scores.GetProperty("ter_without_the_empty_row").GetDouble(), each.Average(), ter, "ter");
        // The script counts an empty row more, worth 1.
        if (scores.GetProperty("rows_that_eval_counts").GetInt32() == rows.Count + 1)
            Near(scores.GetProperty("ter").GetDouble(), (each.Sum() + 1) / (rows.Count + 1), ter, "ter with the script's empty row");
        Near(scores.GetProperty("meteor_exact_stem_without_the_empty_row").GetDouble(), ExactStemMeteor.Of(parted),
            tolerance.GetProperty("meteor_exact_stem").GetDouble(), "meteor");
    });

    static void AssertFirst(JsonElement scores, List<ScoredText> rows)
    {
        if (!scores.TryGetProperty("first_hypotheses", out var hypotheses)) return;
        foreach (var (wanted, row) in hypotheses.EnumerateArray().Zip(rows)) Assert.Equal(wanted.GetString(), row.Hypothesis);
        foreach (var (wanted, row) in scores.GetProperty("first_references").EnumerateArray().Zip(rows))
            Assert.Equal(wanted.EnumerateArray().Select(one => one.GetString()), row.References.Distinct());
    }

    static void Check(JsonElement scores, JsonElement tolerance, string name, double got) =>
        Near(scores.GetProperty(name).GetDouble(), got, tolerance.GetProperty(name).GetDouble(), name);

    static void Near(double wanted, double got, double tolerance, string what) =>
        Assert.True(Math.Abs(wanted - got) <= tolerance, $"{what}: {got}, expected {wanted} within {tolerance}");

    static void First(string name, IEnumerable<double> got, double tolerance)
    {
        foreach (var (wanted, have) in FirstSegments.GetProperty(name).EnumerateArray().Zip(got)) Near(wanted.GetDouble(), have, tolerance, name);
    }

    static IEnumerable<TheoryDataRow<string>> Rows(IEnumerable<string> names) =>
        File.Exists(CasesFile) ? names.Select(name => new TheoryDataRow<string>(name)) : [];

    static string Folder => Path.Combine(GoldenFolder.Root, Group);

    static string CasesFile => Path.Combine(Folder, "cases.json");

    static JsonElement Json { get; } = File.Exists(CasesFile) ? JsonDocument.Parse(File.ReadAllText(CasesFile)).RootElement : default;

    static JsonElement DataToText => Json.GetProperty("data_to_text");

    static JsonElement Scores => Json.GetProperty("perturbed").GetProperty("scores");

    static JsonElement FirstSegments => Scores.GetProperty("first_segments");

    static double Tolerance(string name) => Json.GetProperty("tolerance").GetProperty(name).GetDouble();

    static long[] Longs(string name) => [.. Scores.GetProperty(name).EnumerateArray().Select(one => one.GetInt64())];

    // The row's other references, white space runs made one space.
    static List<ScoredText> Texts()
    {
        var restaurants = E2eData.ReadJson(DataToTextFolder.E2eTest);
        return [.. Json.GetProperty("perturbed").GetProperty("rows").EnumerateArray().Select(row => new ScoredText(row.GetProperty("hypothesis").GetString()!,
            [.. restaurants[row.GetProperty("row").GetInt32()].References.SkipLast(1).Select(text => string.Join(' ', WhiteSpaceWords.Of(text)))]))];
    }

    static List<ScoredText> PtbTexts()
    {
        var words = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "ptb", "perturbed.json"))).RootElement;
        return [.. words.GetProperty("hypotheses").EnumerateArray().Zip(words.GetProperty("references").EnumerateArray(), (hypothesis, all) =>
            new ScoredText(hypothesis.GetString()!, [.. all.EnumerateArray().Select(one => one.GetString()!)]))];
    }

    static List<ScoredWords> PtbRows() => ScoredWords.Of(PtbTexts(), WhiteSpaceWords.Of);
}
