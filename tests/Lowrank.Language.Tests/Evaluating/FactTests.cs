namespace Lowrank.Language.Tests;

/// <summary>Facts that models put into words.</summary>
public class FactTests
{
    const string E2e = """
        {"mr": "name[A], food[B]", "refs": ["A has B.", "At A there is B."]}
        {"mr": "name[C]", "refs": ["C is a place."]}
        {"mr": "name[D], near[E]", "refs": ["D is near E."]}
        """;

    const string WebNlg = """
        {"entries": [
          {"3": {"category": "City", "modifiedtripleset": [], "lexicalisations": []}},
          {"1": {"category": "City", "modifiedtripleset": [{"subject": "A", "property": "in", "object": "B"}], "lexicalisations": [{"lex": "A is in B.", "comment": "good"}]}},
          {"2": {"category": "Politician", "modifiedtripleset": [{"subject": "C", "property": "of", "object": "D"}], "lexicalisations": [{"lex": "C of D.", "comment": "good"}]}}]}
        """;

    static TextedData Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["data"], text);
        var file = DataFile.Read(folder["data"]);
        return (TextedData)EvaluationTasks.Of(file).Of(file);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void WhatIsWrittenIsWhatThePromptAloneGivesAndIsMeasuredByE2esScripts(int batch)
    {
        using var model = TinyModel.Load();
        var data = Read(E2e);
        var result = data.For(model, new() { Batch = batch, MaxNewTokens = 12 }).Measured();
        var facts = Assert.IsType<FactData>(data).Facts;
        string[] wanted = [.. facts.Select(fact => model.Generate(
            model.Chat(FactMeasures.E2e.Prompt.Replace("{input}", fact.Context)), new GenerationOptions().AtMost(12),
            TestContext.Current.CancellationToken).Text)];
        Assert.Equal(wanted, result.Rows.Select(row => row.Answer));
        string[] measures = ["bleu", "bleu-mteval", "nist", "nist-mteval", "rouge-l-coco", "cider", "meteor-exact-stem", "facts told"];
        Assert.Equal(measures, result.Measures.Select(one => one.Name));
        Assert.All(result.Measures.SkipLast(1), measure => Assert.Equal(3, measure.Count));
    }

    [Fact]
    public void APromptOfOnesOwnIsAskedAndMustHoldTheRow()
    {
        using var model = TinyModel.Load();
        var evaluator = Read(E2e).For(model, new() { Prompt = "Say: {input}", Plain = true, MaxNewTokens = 3 });
        Assert.Contains("gone on with: \"Say: {input}\"", evaluator.Notes[0]);
        Assert.Equal(model.Written("Say: name[C]", TinyModel.Likeliest(3)).Text[..1], evaluator.Measured().Rows[1].Answer![..1]);
        var error = Assert.Throws<LowrankException>(() => Read(E2e).For(model, new() { Prompt = "Say something" }));
        Assert.Contains("has no {input}", error.Message);
    }

    [Fact]
    public void SeenAndUnseenCategoriesOfWebNlgAreToldApart()
    {
        using var model = TinyModel.Load();
        var data = Read("[" + WebNlg + "]");
        Assert.Equal("1 of 3 entries have no good text and are left out.", Assert.Single(data.Notes));
        Assert.Equal([2, 3], Assert.IsType<FactData>(data).Facts.Select(fact => fact.Number));
        var measures = data.For(model, new() { MaxNewTokens = 4 }).Measured().Measures;
        Assert.Equal([null, "seen", "unseen"], measures.Where(one => one.Name == "bleu-moses").Select(one => one.Group));
        Assert.True(measures.Single(one => one.Name == "ter-pyter" && one.Group is null).LowerIsBetter);
    }

    [Fact]
    public void WritingThatIsStoppedKeepsTheBatchesThatAreDone()
    {
        using var model = TinyModel.Load();
        using var stop = new CancellationTokenSource();
        var result = Read(E2e).For(model, new() { Batch = 1, MaxNewTokens = 4 }).Measure(new Stopper(stop), stop.Token);
        Assert.False(result.IsWhole);
        Assert.Single(result.Rows);
    }

    sealed class Stopper(CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value) => stop.Cancel();
    }

    [Fact]
    public void AlpacasTextLeavesOutAnInputThatIsEmpty()
    {
        Assert.EndsWith("request.\n\n### Instruction:\nSay.\n\n### Response:\n", AlpacaPrompt.Of("Say.", ""));
        Assert.EndsWith("### Instruction:\nSay.\n\n### Input:\nYes\n\n### Response:\n", AlpacaPrompt.Of("Say.", "Yes"));
        Assert.Contains("task, paired with an input that provides further context. Write", AlpacaPrompt.Of("Say.", "Yes"));
    }
}
