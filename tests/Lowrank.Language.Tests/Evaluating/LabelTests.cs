using Lowrank.Formats;
using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>Classifiers measured on labels.</summary>
public class LabelTests
{
    static readonly string[] texts = ["the cat", "abc", "a much longer row of words", "x", "no", "yes and no"];

    static LabelData Read(string text, string? task = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["data"], text);
        var file = DataFile.Read(folder["data"]);
        return Assert.IsType<LabelData>((task is null ? EvaluationTasks.Of(file) : EvaluationTasks.Named(task)).Of(file));
    }

    static int Class(LanguageClassifier model, string text)
    {
        float[] scores = model.Score(model.Tokens([(text, null)])).Single().Scores;
        return Array.IndexOf(scores, scores.Max());
    }

    static string Cola(LanguageClassifier model, int wrong) => string.Concat(texts.Select((text, number) =>
        $"source\t{(number < wrong ? 1 - Class(model, text) : Class(model, text))}\t\t{text}\n"));

    [Theory, InlineData(1), InlineData(3), InlineData(16)]
    public void AccuracyIsTheShareOfRowsWhoseClassIsRight(int batch)
    {
        using var model = TinyClassifier.Load("LABEL_0", "LABEL_1");
        var data = Read(Cola(model, wrong: 2));
        var result = data.For(model, new() { Batch = batch }).Measured();
        Assert.Equal(["matthews", "accuracy"], result.Measures.Select(measure => measure.Name));
        Assert.Equal(4 / 6.0, result.Measures[1].Value, 1e-12);
        Assert.Equal(texts, result.Rows.Select(row => row.Input));
    }

    [Fact]
    public void ScoresOfABatchAreThoseOfEachRowAlone()
    {
        using var model = TinyClassifier.Load("a", "b", "c");
        var rows = model.Tokens([.. texts.Select(text => (text, (string?)null))]);
        var together = model.Score(rows, 4).ToDictionary(row => row.Row, row => row.Scores);
        foreach (var (row, scores) in model.Score(rows, 1))
            foreach (var (one, other) in scores.Zip(together[row])) Assert.Equal(one, other, 1e-5f);
    }

    [Fact]
    public void ClassesAreMatchedByTheirNames()
    {
        using var model = TinyClassifier.Load("Wrong", "right", "other");
        string[] names = ["Wrong", "right", "other"];
        var rows = string.Concat(texts.Select(text => $"{{\"text\": \"{text}\", \"label\": \"{names[Class(model, text)].ToLowerInvariant()}\"}}\n"));
        rows += "{\"text\": \"more\", \"label\": \"other\"}\n{\"text\": \"more\", \"label\": \"right\"}\n{\"text\": \"more\", \"label\": \"wrong\"}\n";
        var evaluator = Read(rows).For(model, new());
        Assert.Contains("by their names", evaluator.Notes[0]);
        Assert.Equal(7 / 9.0, evaluator.Measured().Measures[0].Value, 1e-12);
    }

    [Fact]
    public void WordsAreNotTakenForTheNumbersOfAModelWithoutNames()
    {
        using var model = TinyClassifier.Load("LABEL_0", "LABEL_1");
        var data = Read("{\"text\": \"a\", \"label\": \"positive\"}\n{\"text\": \"b\", \"label\": \"negative\"}\n");
        Assert.Contains("which is which cannot be known", Assert.Throws<LowrankException>(() => data.For(model, new())).Message);
        data = Read("{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\", \"label\": 0}\n");
        Assert.Contains("matched by their numbers: 0 is LABEL_0", data.For(model, new()).Notes[0]);
    }

    [Fact]
    public void TextsThatAreNotReadAreNamed()
    {
        var data = Read("{\"question\": \"a\", \"passage\": \"b\", \"label\": 1}\n");
        Assert.Equal(("a", "b"), (data.Rows[0].First, data.Rows[0].Second));
        Assert.Empty(data.Notes);
        data = Read("{\"text\": \"a\", \"sentence\": \"b\", \"title\": \"c\", \"label\": \"x\", \"idx\": 3}\n");
        Assert.Equal(("b", null), (data.Rows[0].First, data.Rows[0].Second));
        Assert.Equal(["Of each row's texts sentence is read, and not: text, title."], data.Notes);
        data = Read("{\"text\": \"a\", \"text_pair\": \"b\", \"sentence\": \"c\", \"label\": 1}\n");
        Assert.Equal(("a", "b"), (data.Rows[0].First, data.Rows[0].Second));
    }

    [Fact]
    public void ClassesOfOneNameMatchOneClass()
    {
        using var model = TinyClassifier.Load("A", "A");
        var data = Read("{\"text\": \"a\", \"label\": \"A\"}\n{\"text\": \"b\", \"label\": \"B\"}\n");
        Assert.Contains("which is which", Assert.Throws<LowrankException>(() => data.For(model, new())).Message);
    }

    [Fact]
    public void ClassesThatCannotBeMatchedAreRefused()
    {
        using var model = TinyClassifier.Load("red", "green");
        var error = Assert.Throws<LowrankException>(() => Read("{\"text\": \"a\", \"label\": \"cat\"}\n{\"text\": \"b\", \"label\": \"dog\"}\n").For(model, new()));
        Assert.Contains("cat, dog", error.Message);
        Assert.Contains("red, green", error.Message);
        error = Assert.Throws<LowrankException>(() => Read("sentence1\tsentence2\tscore\na\tb\t2.5\n").For(model, new()));
        Assert.Contains("tells 2 classes", error.Message);
    }

    [Fact]
    public void AScoreIsMeasuredByHowItGoesWithTheRightOnes()
    {
        using var model = TinyClassifier.Load("score");
        double[] scores = [.. texts.Select(text => (double)model.Score(model.Tokens([(text, "b")])).Single().Scores[0])];
        string rows = "sentence1\tsentence2\tscore\n" + string.Concat(texts.Zip(scores, (text, score) =>
            FormattableString.Invariant($"{text}\tb\t{2 * score + 1:R}\n")));
        var result = Read(rows).For(model, new()).Measured();
        Assert.Equal(["pearson", "spearman"], result.Measures.Select(measure => measure.Name));
        Assert.All(result.Measures, measure => Assert.Equal(1, measure.Value, 1e-4));
    }

    [Theory]
    [InlineData("sentence\tlabel\na\t1\n", 1), InlineData("question\tsentence\tlabel\na\tb\tentailment\n", 1)]
    [InlineData("sentence1\tsentence2\tlabel\na\tb\tnot_entailment\n", 1), InlineData("#1 String\t#2 String\tQuality\na\tb\t0\n", 2)]
    [InlineData("sentence1\tsentence2\tgold_label\na\tb\tneutral\n", 1), InlineData("question1\tquestion2\tis_duplicate\na\tb\t0\n", 2)]
    public void FilesOfGlueAreKnownByTheirColumns(string text, int measures) => Assert.Equal(measures, Read(text).Measures.Count);

    [Fact]
    public void RowsWithoutALabelAreLeftOutAndNamed()
    {
        var data = Read("{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\", \"label\": null}\n{\"text\": \"c\"}\n");
        Assert.Equal((1, "2 of 3 rows have no label and are left out: 2, 3."), (data.Count, data.Notes[0]));
        data = Read("{\"text\": \"a\", \"label\": -1}\n{\"text\": \"b\", \"label\": 0}\n{\"text\": \"c\", \"label\": 2}\n");
        Assert.Equal(["1 of 3 rows has no label and is left out: 1."], data.Notes);
        Assert.Equal(["0", "1", "2"], data.Classes);
        Assert.Equal([2, 3], data.Rows.Select(row => row.Number));
        Assert.Contains("none of 1 rows has a label", Assert.Throws<LowrankException>(() => Read("{\"text\": \"a\", \"label\": -1}\n")).Message);
    }

    [Fact]
    public void RowsAreNumberedAsTheyStandInTheFile()
    {
        using var model = TinyClassifier.Load("LABEL_0", "LABEL_1");
        var data = Read("{\"text\": \"a\", \"label\": null}\n{\"text\": \"b\", \"label\": 0}\n{\"text\": \"c\", \"label\": 1}\n");
        Assert.Equal([2, 3], data.For(model, new()).Measured().Rows.Select(row => row.Row));
    }

    [Theory, InlineData("-3"), InlineData("2000000000"), InlineData("123456789012345678")]
    public void ANumberThatIsNoClassesIsRefused(string label) =>
        Assert.Contains($"row 2 (line 2) has the label {label}", Assert.Throws<LowrankException>(() =>
            Read($"{{\"text\": \"a\", \"label\": 1}}\n{{\"text\": \"b\", \"label\": {label}}}\n")).Message);

    [Theory, InlineData("1e5"), InlineData("0.5"), InlineData("-1.0")]
    public void OtherNumbersAreScores(string label)
    {
        var data = Read($"{{\"text\": \"a\", \"label\": 1}}\n{{\"text\": \"b\", \"label\": {label}}}\n");
        Assert.Empty(data.Classes);
        Assert.Equal(double.Parse(label, System.Globalization.CultureInfo.InvariantCulture), data.Rows[1].Label);
    }

    [Fact]
    public void AnAdapterBringsItsOwnHead()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyClassifier.Load("LABEL_0", "LABEL_1");
        WriteAdapter(folder);
        var before = texts.Select(text => Class(model, text)).ToList();
        model.Adapters.Load(folder.Path);
        using var expected = TinyClassifier.Load("LABEL_0", "LABEL_1");
        using (no_grad())
        {
            using var head = TinyClassifier.Head(2, seed: 8);
            expected.Network.state_dict()["score.weight"].copy_(head);
        }
        Assert.Equal(texts.Select(text => Class(expected, text)), texts.Select(text => Class(model, text)));
        using (model.Adapters.Disabled()) Assert.Equal(before, texts.Select(text => Class(model, text)));
    }

    [Fact]
    public void ABaseWithoutAHeadTakesThatOfAnAdapter()
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder["base"]);
        Assert.Contains("tells no classes", Assert.Throws<LowrankException>(() => LanguageClassifier.Load(folder["base"])).Message);
        using var model = LanguageClassifier.Load(folder["base"], labels: ["LABEL_0", "LABEL_1"]);
        Assert.True(model.Network.LacksHead);
        WriteAdapter(folder);
        model.Adapters.Load(folder.Path);
        using var expected = TinyClassifier.Load("LABEL_0", "LABEL_1");
        Assert.False(expected.Network.LacksHead);
        expected.Adapters.Load(folder.Path);
        Assert.Equal(texts.Select(text => Class(expected, text)), texts.Select(text => Class(model, text)));
        Assert.Equal(2, texts.Select(text => Class(model, text)).Distinct().Count());
    }

    // Factors that change nothing, and another head.
    static void WriteAdapter(TemporaryFolder folder)
    {
        File.WriteAllText(folder["adapter_config.json"], """
            {"peft_type": "LORA", "task_type": "SEQ_CLS", "r": 1, "lora_alpha": 1, "target_modules": ["q_proj"], "modules_to_save": ["score"]}
            """);
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["base_model.model.score.weight"] = TinyClassifier.Head(2, seed: 8) };
        foreach (int layer in (int[])[0, 1])
        {
            string at = $"base_model.model.model.layers.{layer}.self_attn.q_proj.";
            tensors[at + "lora_A.weight"] = ones([1, 16], device: CPU);
            tensors[at + "lora_B.weight"] = zeros([16, 1], device: CPU);
        }
        Safetensors.Save(folder["adapter_model.safetensors"], tensors);
    }

    [Fact]
    public void NoTensorOutlivesAMeasure()
    {
        using var model = TinyClassifier.Load("LABEL_0", "LABEL_1");
        var data = Read(Cola(model, wrong: 1));
        LeakGuard.NoTensorLeaks(() => data.For(model, new()).Measured());
    }
}
