namespace Lowrank.Language.Tests;

/// <summary>Models measured on rows of files.</summary>
public class EvaluationTests
{
    static EvaluationData Read(string text, string? task = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["data"], text);
        var file = DataFile.Read(folder["data"]);
        return (task is null ? EvaluationTasks.Of(file) : EvaluationTasks.Named(task)).Of(file);
    }

    static double Value(EvaluationResult result, string name, string? group = null) =>
        result.Measures.Single(measure => measure.Name == name && measure.Group == group).Value;

    [Theory]
    [InlineData("a line\n\nanother\n", "perplexity"), InlineData("{\"text\": \"a\"}", "perplexity"), InlineData("[1] A note.\nb", "perplexity")]
    [InlineData("{\"sentence_good\": \"a\", \"sentence_bad\": \"b\"}", "pairs"), InlineData("[{\"chosen\": \"a\", \"rejected\": \"b\"}]", "pairs")]
    public void AFilesTaskIsSeenFromWhatItHolds(string text, string task)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["data"], text);
        Assert.Equal(task, EvaluationTasks.Of(DataFile.Read(folder["data"])).Name);
    }

    [Fact]
    public void AFileOfNoTaskIsRefusedWithWhatEachNeeds()
    {
        var error = Assert.Throws<LowrankException>(() => Read("{\"colour\": \"red\"}"));
        Assert.Contains("objects with colour", error.Message);
        Assert.Contains("pairs (sentence_good", error.Message);
    }

    [Fact]
    public void PerplexityIsTheSameForEveryBatchAndWeighsTokens()
    {
        using var model = TinyModel.Load();
        var data = Assert.IsType<TextData>(Read("the cat\nabc\nand a much longer line of text\nx\n"));
        double[] values = [.. new[] { 1, 2, 4 }.Select(batch => Value(data.For(model, new() { Batch = batch }).Measured(), "perplexity"))];
        var result = data.For(model, new()).Measured();
        double sum = result.Rows.Where(row => row.Values["tokens"] > 0).Sum(row => row.Values["loss"] * row.Values["tokens"]);
        double tokens = result.Rows.Sum(row => row.Values["tokens"]);
        Assert.All(values, value => Assert.Equal(Math.Exp(sum / tokens), value, 1e-3));
        Assert.Equal(result.Measures[0].Count, tokens);
    }

    [Fact]
    public void WindowsCountEveryTokenOnce()
    {
        using var model = TinyModel.Load(context: 40);
        var text = string.Concat(Enumerable.Repeat("the cat and the dog; ", 12));
        int all = model.Prompt(text).Count;
        var evaluator = new TextData([(1, text)]).For(model, new() { Window = 16, Stride = 5 });
        Assert.Equal(all - 1, evaluator.Measured().Measures[0].Count);
        Assert.Contains(evaluator.Notes, note => note.Contains("windows of 16 tokens, each 5", StringComparison.Ordinal));
    }

    [Fact]
    public void AWholeFileIsOneText()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.txt"], "one\ntwo\n");
        Assert.Equal("one\ntwo\n", Assert.Single(TextData.Whole(DataFile.Read(folder["a.txt"])).Texts).Text);
    }

    [Fact]
    public void RowsWithoutTextAreLeftOutAndNamed()
    {
        var data = Read("{\"text\": \"a\"}\n{\"text\": null}\n{\"text\": \"\"}\n{\"text\": \"null\"}\n");
        Assert.Equal(["2 of 4 rows have no text and are left out: 2, 3."], data.Notes);
        Assert.Equal([(1, "a"), (4, "null")], Assert.IsType<TextData>(data).Texts);
    }

    [Fact]
    public void TheBetterTextOfAPairIsTheOneOfHigherProbability()
    {
        using var model = TinyModel.Load();
        int begin = BeginTokens.Named(model.Tokenizer, "<begin>");
        string Likely(string text, string other) => Sum(text) > Sum(other) ? text : other;
        double Sum(string text) => new RowScorer(model.Network)
            .Score([ScoringRow.From([begin, .. model.Tokenizer.Encode(text, addSpecials: false).Ids])]).Single().Sum;
        string likely = Likely("the cat sits", "a dog ran"), unlikely = likely == "a dog ran" ? "the cat sits" : "a dog ran";
        var data = Read($$"""
            {"chosen": "{{likely}}", "rejected": "{{unlikely}}", "phenomenon": "x"}
            {"chosen": "{{unlikely}}", "rejected": "{{likely}}", "phenomenon": "y"}
            {"chosen": "same", "rejected": "same", "phenomenon": "y"}
            """);
        var result = ((TextedData)data).For(model, new() { Batch = 3, Begin = "<begin>" }).Measured();
        Assert.Equal(1 / 3.0, Value(result, "accuracy"), 1e-12);
        Assert.Equal((1, 0), (Value(result, "accuracy", "x"), Value(result, "accuracy", "y")));
        Assert.Contains("count as wrong: 3.", Assert.Single(data.Notes));
    }

    [Fact]
    public void APairOfWhichOneTextIsEmptyIsLeftOutAndNamed()
    {
        using var model = TinyModel.Load();
        var data = Read("""
            {"prompt": "the", "chosen": "cat", "rejected": ""}
            {"prompt": "the", "chosen": "same", "rejected": "same"}
            """);
        var evaluator = ((TextedData)data).For(model, new() { Begin = "no token" });   // no text begins with it
        Assert.Equal("1 of 2 rows has a text without a token and is left out: 1.", Assert.Single(evaluator.Notes));
        var result = evaluator.Measured();
        Assert.True(result.IsWhole);
        Assert.Equal((0, 1), (Value(result, "accuracy"), result.Measures[0].Count));
        Assert.Equal(2, Assert.Single(result.Rows).Row);
    }

    [Fact]
    public void WhatIsStoppedKeepsWhatIsMeasured()
    {
        using var model = TinyModel.Load();
        using var stop = new CancellationTokenSource();
        var data = (TextedData)Read("the cat\nabc and more\nlonger than all the others\n");
        var result = data.For(model, new() { Batch = 1 }).Measure(new Stopper(stop), stop.Token);
        Assert.False(result.IsWhole);
        Assert.Equal(3, Assert.Single(result.Rows).Row);
        Assert.NotEmpty(result.Measures);
        Assert.Empty(data.For(model, new()).Measure(cancel: new(canceled: true)).Measures);
    }

    sealed class Stopper(CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value) => stop.Cancel();
    }

    [Fact]
    public void ANamedBeginTokenStandsInFrontOnce()
    {
        using var model = TinyModel.Load();
        var plain = new TextData([(1, "the cat sat")]).For(model, new()).Measured();
        var begun = new TextData([(1, "the cat sat"), (2, "<begin>the cat sat")]).For(model, new() { Begin = "<begin>" }).Measured();
        Assert.Equal(plain.Measures[0].Count + 1, begun.Rows[0].Values["tokens"]);
        Assert.Equal(begun.Rows[0].Values["loss"], begun.Rows[1].Values["loss"], 1e-6);
        var error = Assert.Throws<LowrankException>(() => new TextData([(1, "the cat sat")]).For(model, new() { Begin = "<beginn>" }));
        Assert.Contains("<begin>", error.Message);
    }

    [Theory]
    [InlineData("{\"mr\": \"name[A]\", \"refs\": [\"A b\"]}"), InlineData("name : A||A is b\n"), InlineData("sentence\tlabel\na b\t1\nc\t0\n")]
    [InlineData("[{\"tripleset\": [[\"A\", \"P\", \"B\"]], \"annotations\": [{\"text\": \"x\"}]}]")]
    [InlineData("{\"entries\": [{\"1\": {\"category\": \"Food\", \"lexicalisations\": [{\"comment\": \"good\", \"lex\": \"x\"}], \"modifiedtripleset\": []}}]}")]
    public void AFileIsReadOnceAsAPipeCanBe(string text)
    {
        DataFile file;
        using (var folder = new TemporaryFolder())
        {
            File.WriteAllText(folder["data"], text);
            file = DataFile.Read(folder["data"]);
        }
        Assert.NotEqual(0, EvaluationTasks.Of(file).Of(file).Count);
    }

    [Fact]
    public void ARowOfAnotherLayoutIsNamedWithItsLine()
    {
        var error = Assert.Throws<LowrankException>(() => Read("{\"prompt\": \"a\", \"answer\": \"b\"}\n\n{\"messages\": [7]}\n", "answers"));
        Assert.Contains("row 2 (line 3): ", error.Message);
    }

    [Fact]
    public void APromptThatIsTooLongIsNamedBeforeTheFirstIsWritten()
    {
        using var model = TinyModel.Load(context: 60);
        var facts = (TextedData)Read($"the cat||x\n\n{new string('a', 90)}||y\n");
        var error = Assert.Throws<LowrankException>(() => facts.For(model, new() { Plain = true }).Measured());
        Assert.Contains("data, line 3: the prompt has", error.Message);
    }

    [Fact]
    public void RowsThatLoseWhatTheSystemSaysAreCountedBesideThoseThatHaveTheirOwn()
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder.Path);
        File.WriteAllText(folder["chat_template.jinja"], TinyModel.Template.Replace("%}<user>{{ m.role", "%}{% if m.role == 'system' %}{% continue %}{% endif %}<user>{{ m.role", StringComparison.Ordinal));
        using var model = LanguageModel.Load(folder.Path);
        const string Said = """{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""";
        var rows = (TextedData)Read($$"""
            {"messages": [{"role": "system", "content": "Be long."}, {{Said}}
            {"messages": [{{Said}}
            {"messages": [{{Said}}
            """);
        var notes = rows.For(model, new() { System = "Be brief." }).Notes;
        Assert.Contains("`system` is not used in 1 of 3 rows, which have one of their own.", notes);
        Assert.Contains("`system` is not used in 2 of 3 rows: the chat template does not write what the system says there.", notes);
    }

    [Fact]
    public void WhatTheTemplateLeavesOutOfPromptsIsTold()
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder.Path);
        File.WriteAllText(folder["chat_template.jinja"], "{{ messages[-1]['content'] }}");
        using var model = LanguageModel.Load(folder.Path);
        var facts = new FactData([new(1, "the cat", ["x"])], FactMeasures.E2e).For(model, new() { System = "Be brief." });
        Assert.Contains(facts.Notes, note => note.StartsWith("`system` is not used: the chat template", StringComparison.Ordinal));
    }
}
