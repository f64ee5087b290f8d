using Lowrank.Language;
using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>GLUE's files as rows, the numbers of their labels and their measures, and pairs of sentences as ids.</summary>
public class HeadsRowsGoldens
{
    const string Group = "training/heads";

    public static IEnumerable<TheoryDataRow<string>> Tasks => Named("glue-", "glue-metric-", "glue-label-order-");

    public static IEnumerable<TheoryDataRow<string>> LabelOrders => Named("glue-label-order-");

    public static IEnumerable<TheoryDataRow<string>> Metrics => Named("glue-metric-");

    public static IEnumerable<TheoryDataRow<string>> Pairs => Named("pairs-");

    static IEnumerable<TheoryDataRow<string>> Named(string front, params string[] without) => GoldenFolder.Groups.Contains(Group)
        ? GoldenGroup.Open(Group).Cases.Select(c => c.Name).Where(name => Begins(name, front) && !without.Any(one => Begins(name, one)))
            .Select(name => new TheoryDataRow<string>(name))
        : [];

    static bool Begins(string name, string front) => name.StartsWith(front, StringComparison.Ordinal);

    static GlueTask Task(GoldenCase c) => GlueTasks.Named(c["config"].GetProperty("task").GetString()!);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Tasks)), Trait("kind", "goldens")]
    public void Rows(string name) => Golden.Run(Group, name, c =>
    {
        string path = Path.Combine(c.Group.Folder, c["inputs"].GetProperty("file").GetString()!);
        bool isTest = RowsFixture.Text(c["config"], "split") == "test";
        var rows = isTest ? Task(c).ReadUnlabelled(path, out var skipped) : Task(c).Read(path, out skipped);
        var expected = c["expected"].GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(expected.Count, rows.Count);
        Assert.Equal(File.ReadAllLines(path).Length - (isTest || Task(c).HasNames ? 1 : 0), rows.Count + skipped.Count);
        foreach (var (want, row) in expected.Zip(rows))
        {
            string?[] texts = row.Second is null ? [row.First] : [row.First, row.Second];
            Assert.Equal(want.GetProperty("text").EnumerateArray().Select(text => text.GetString()), texts);
            Assert.Equal(want.GetProperty("label").GetDouble(), row.Label, 1e-6);
        }
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(LabelOrders)), Trait("kind", "goldens")]
    public void LabelOrder(string name) => Golden.Run(Group, name, c =>
    {
        var names = c["inputs"].GetProperty("id2label").EnumerateObject().ToDictionary(one => int.Parse(one.Name), one => one.Value.GetString()!);
        Assert.Equal(RowsFixture.Ids(c["expected"].GetProperty("model_number_of_task_label")), Task(c).NumbersIn(names));
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Metrics)), Trait("kind", "goldens")]
    public void Metric(string name) => Golden.Run(Group, name, c =>
    {
        var logits = c["inputs"].GetProperty("logits").EnumerateArray().Select(row => row.EnumerateArray().Select(one => one.GetDouble()).ToArray()).ToList();
        double[] labels = [.. c["inputs"].GetProperty("labels").EnumerateArray().Select(label => label.GetDouble())];
        bool isScore = Task(c).Classes.Count == 0;
        double[] predictions = [.. logits.Select(row => isScore ? row[0] : Array.IndexOf(row, row.Max()))];
        var values = new List<double>();
        foreach (var measure in c["expected"].EnumerateObject())
        {
            double value = measure.Name == "combined_score" ? values.Average() : Value(measure.Name, labels, predictions);
            values.Add(value);
            Assert.Equal(measure.Value.GetDouble(), value, c.Atol);
        }
    });

    static double Value(string measure, double[] labels, double[] predictions)
    {
        Classification Classes() => new([.. labels.Select(one => (int)one)], [.. predictions.Select(one => (int)one)]);
        return measure switch
        {
            "pearson" => Correlation.Pearson(labels, predictions),
            "spearmanr" => Correlation.Spearman(labels, predictions),
            "accuracy" => Classes().Accuracy,
            "f1" => Classes().F1(),
            _ => Classes().Matthews,
        };
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Pairs)), Trait("kind", "goldens")]
    public void Pair(string name) => Golden.Run(Group, name, c =>
    {
        var config = c["config"];
        var tokenizer = ChatGoldenFile.Tokenizer(Path.Combine(c.Group.Folder, config.GetProperty("tokenizer").GetString()!));
        List<(string, string?)> pairs = [.. c["inputs"].GetProperty("pairs").EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()))];
        int most = config.GetProperty("max_length").GetInt32();
        var strategy = RowsFixture.Text(config, "truncation") == "only_second" ? TruncationStrategy.OnlySecond : TruncationStrategy.LongestFirst;
        var encoded = tokenizer.EncodeBatch(pairs, new Truncation(most) { Strategy = strategy });
        var rows = encoded.Select(row => new ClassifiedRow(row.Ids, row.TypeIds)).ToList();
        int? width = RowsFixture.Text(config, "padding") == "max_length" ? most : null;
        var collator = new RowCollator(config.GetProperty("pad_id").GetInt32());
        using var batch = ClassifiedRow.Stacked(rows, collator, width);
        GoldenList.AssertSame(c.Expected("input_ids"), batch.Ids, "ids");
        GoldenList.AssertSame(c.Expected("attention_mask"), batch.Mask, "mask");
        var segments = c.Expected("token_type_ids");
        if (batch.Segments is not null) GoldenList.AssertSame(segments, batch.Segments, "segments");
        else Assert.All(segments.data<long>(), segment => Assert.Equal(0, segment));
    });
}
