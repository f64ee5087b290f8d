using Lowrank.Language;

namespace Lowrank.Training.Tests;

public sealed class HeadTrainingTests : IDisposable
{
    readonly HeadTrial trial = new();

    [Fact]
    public void AHeadOfItsOwnIsLearntSavedAndMeasuredTheSame()
    {
        string data = trial.Classes("rows.jsonl", 24, "apple", "banana", "cherry", "date");
        var recorder = new Recorder();
        var result = HeadTrial.Run(trial.Recipe("classification", data).With((OptimizationSection s) => s with { Steps = 60, BatchSize = 8, Schedule = "constant" }), recorder);
        var told = recorder.Steps[^1].Measures;
        Assert.True(told["eval_accuracy"] > 0.9, $"accuracy is {told["eval_accuracy"]}");
        Assert.Contains(recorder.Account, line => line.Text == "4 classes: apple, banana, cherry, date");
        Assert.Contains(recorder.Account, line => line.Text.Contains("begins at random", StringComparison.Ordinal));

        using var scope = NewDisposeScope();
        using var model = LanguageClassifier.Load(result.AdapterPath);   // by the base that it names
        Assert.Equal(["apple", "banana", "cherry", "date"], model.Labels);
        var rows = ExampleFiles.Read(data).Examples.Select(one => one.Labelled!).ToList();
        int right = model.Score(model.Tokens([.. rows.Select(row => (row.First, row.Second))]))
            .Count(one => model.Labels[Array.IndexOf(one.Scores, one.Scores.Max())] == rows[one.Row].Label);
        Assert.Equal(told["eval_accuracy"], right / 24.0, 1e-9);
    }

    static readonly object[] spans = [.. Enumerable.Range(0, 8).Select(n => new { question = "where", context = $"a b c{n} d", answers = new { text = new[] { $"c{n}" }, answer_start = new[] { 4 } } })];

    static readonly object[] words = [.. Enumerable.Range(0, 8).Select(n => new { tokens = new[] { "ab", "cd", "e" }, tags = new[] { "A", "B", n % 2 == 0 ? "A" : "O" } })];

    static readonly object[] several = [.. Enumerable.Range(0, 8).Select(n => new { text = $"a{n}", label = n % 2 == 0 ? new[] { "x", "y" } : new[] { "z" } })];

    static readonly object[] pairs = [.. Enumerable.Range(0, 8).Select(n => new { text = new string((char)('a' + n), 1 + n), text2 = "b", label = n + 0.5 })];

    public static IEnumerable<TheoryDataRow<string, string, object[]>> Aims =>
    [
        new("regression", "eval_pearson", pairs), new("multi_label", "eval_accuracy", several),
        new("token_classification", "eval_macro_f1", words), new("question_answering", "eval_exact_match", spans),
    ];

    [Theory, MemberData(nameof(Aims))]
    public void EveryHeadLearnsAndIsMeasured(string objective, string measure, object[] rows)
    {
        var recorder = new Recorder();
        HeadTrial.Run(trial.Recipe(objective, trial.Rows("rows.jsonl", rows)).With((OptimizationSection s) => s with { Steps = 20, BatchSize = 8, Schedule = "constant" }), recorder);
        Assert.True(recorder.Steps[^1].Loss < recorder.Steps[0].Loss, $"{recorder.Steps[0].Loss} became {recorder.Steps[^1].Loss}");
        Assert.Contains(measure, recorder.Steps[^1].Measures.Keys);
        Assert.Contains("eval_loss", recorder.Steps[^1].Measures.Keys);
    }

    [Fact]
    public void AStoppedRunGoesOnWithTheSameBits()
    {
        string data = trial.Classes("rows.jsonl", 12, "apple", "banana", "cherry");
        TrainingRecipe Named(string name) => trial.Recipe("classification", data).With((SavingSection s) => s with { Name = name });
        var whole = HeadTrial.Run(Named("whole"));
        using var stop = new CancellationTokenSource();
        Assert.True(HeadTrial.RunUntil(Named("parts"), new Recorder(step => { if (step.Step == 2) stop.Cancel(); }), stop.Token).Stopped);
        random.manual_seed(999);   // what happens between the two must not matter
        var second = HeadTrial.Run(Named("parts").With((SavingSection s) => s with { Resume = true }));
        Trial.AssertSameBits(whole.Files.State, second.Files.State);
    }

    // As the LoRA paper's runs of small tasks begin with MNLI's.
    [Fact]
    public void AnAdapterOfAnotherTaskKeepsItsFactorsAndItsHeadBeginsAnew()
    {
        var first = HeadTrial.Run(trial.Recipe("classification", trial.Classes("four.jsonl", 12, "apple", "banana", "cherry", "date")));
        var recorder = new Recorder();
        var recipe = trial.Recipe("classification", trial.Classes("three.jsonl", 12, "apple", "banana", "cherry"))
            .With((SavingSection s) => s with { Name = "second" }).With((NetworkSection s) => s with { InitAdapter = first.AdapterPath })
            .With((OptimizationSection s) => s with { Steps = 1, LearningRate = 1e-9 });
        var second = HeadTrial.Run(recipe, recorder);
        Assert.Contains(recorder.Account, line => line.NotUsed && line.Text.Contains("another size than the model's", StringComparison.Ordinal));
        using var scope = NewDisposeScope();
        using var before = AdapterFile.Open(first.AdapterPath);
        using var after = AdapterFile.Open(second.AdapterPath);
        foreach (var tensor in before.Tensors.Where(one => one.Name.Contains("lora_B", StringComparison.Ordinal)))
            Assert.True(before.Read(tensor.Name).allclose(after.Read(tensor.Name), atol: 1e-6), tensor.Name);
        Assert.Equal([3, 32], after.Read("base_model.model.classifier.weight").shape);
    }

    [Fact]
    public void ALabelThatTrainingNeverSawIsNamedWithItsLine()
    {
        var recipe = trial.Recipe("classification", trial.Classes("rows.jsonl", 12, "apple", "banana"));
        string held = trial.Rows("held.jsonl", new { text = "a", label = "apple" }, new { text = "c", label = "cherry" });
        string message = Assert.Throws<LowrankException>(() => HeadTrial.Run(recipe.With((LanguageSection s) => s with { ValidationData = held }))).Message;
        Assert.Contains("held.jsonl, row 2", message);
        Assert.Contains("\"cherry\", which is none of the 2 that are trained", message);
    }

    [Fact]
    public void RowsWithoutTextAreLeftOut()
    {
        var recorder = new Recorder();
        string data = trial.Rows("rows.jsonl", new { text = "a", label = "x" }, new { text = " ", label = "y" }, new { text = "b", label = "y" });
        HeadTrial.Run(trial.Recipe("classification", data), recorder);
        Assert.Contains(recorder.Account, line => line.NotUsed && line.Text.Contains("it has no text", StringComparison.Ordinal) && line.Text.Contains("row 2", StringComparison.Ordinal));
        string empty = trial.Rows("empty.jsonl", new { text = "", label = "x" });
        Assert.Contains("nothing is left to learn", Assert.Throws<LowrankException>(() => HeadTrial.Run(trial.Recipe("classification", empty).With((SavingSection s) => s with { Name = "second" }))).Message);
    }

    [Fact]
    public void AFileOfGlueIsKnownAndMeasuredByItsTask()
    {
        File.WriteAllLines(trial["train.tsv"], Enumerable.Range(0, 12).Select(n => $"src\t{n % 2}\t\t{(n % 2 == 0 ? "bad" : "fine")} {(char)('a' + n)}"));
        var recorder = new Recorder();
        HeadTrial.Run(trial.Recipe("classification", trial["train.tsv"]), recorder);
        Assert.Contains("eval_matthews", recorder.Steps[^1].Measures.Keys);
        Assert.Contains(recorder.Account, line => line.Text == "2 classes: unacceptable, acceptable");
    }

    [Fact]
    public void RowsOfAnotherLayoutAreRefused()
    {
        string data = trial.Rows("rows.jsonl", new { prompt = "a", completion = "b" });
        Assert.Contains("learns from text, perhaps text2, and label", Assert.Throws<LowrankException>(() => HeadTrial.Run(trial.Recipe("classification", data))).Message);
    }

    [Fact]
    public void ARewardModelIsTrainedAndTellsWhereScoresAreRead()
    {
        using var tiny = new LanguageTrial();
        File.WriteAllLines(tiny.Data, Enumerable.Range(1, 8).Select(n => $$"""{"chosen": "good {{n}}", "rejected": "bad {{n}}"}"""));
        var recorder = new Recorder();
        var result = tiny.Run(r => r.With((LanguageSection s) => s with { Objective = "reward", ValidationData = s.Data }).With((OptimizationSection s) => s with { Steps = 20, Schedule = "constant" }), recorder);
        Assert.Equal(Math.Log(2), recorder.Steps[0].Loss, 0.2);
        Assert.Equal(1, recorder.Steps[^1].Measures["eval_accuracy"]);
        Assert.Contains(recorder.Account, line => line.NotUsed && line.Text.Contains("the token before its end", StringComparison.Ordinal));
        using var scope = NewDisposeScope();
        using var model = LanguageClassifier.Load(result.AdapterPath);
        Assert.Equal(["score"], model.Labels);
    }

    [Fact]
    public void MarginsOfSomePairsAloneAreRefused()
    {
        using var tiny = new LanguageTrial();
        File.WriteAllLines(tiny.Data, ["""{"chosen": "good", "rejected": "bad", "margin": 1}""", """{"chosen": "good", "rejected": "bad"}"""]);
        var error = Assert.Throws<LowrankException>(() => tiny.Run(r => r.With((LanguageSection s) => s with { Objective = "reward" })));
        Assert.Contains("1 of 2 pairs", error.Message);
        Assert.Contains("row 2", error.Message);
    }

    [Fact]
    public void ARewardModelIsTrainedWithoutDropoutsAndSaysSo()
    {
        using var tiny = new LanguageTrial();
        File.WriteAllLines(tiny.Data, Enumerable.Range(1, 8).Select(n => $$"""{"chosen": "good {{n}}", "rejected": "bad {{n}}"}"""));
        TrainingRecipe Dropping(TrainingRecipe r, string name, double dropout) => r.With((LanguageSection s) => s with { Objective = "reward" })
            .With((NetworkSection s) => s with { Dropout = dropout }).With((SavingSection s) => s with { Name = name });
        var (with, without) = (new Recorder(), new Recorder());
        tiny.Run(r => Dropping(r, "with", 0.5), with);
        tiny.Run(r => Dropping(r, "without", 0), without);
        Assert.Equal(without.Steps.Select(step => step.Loss), with.Steps.Select(step => step.Loss));
        Assert.Contains(with.Account, line => line.NotUsed && line.Name == "dropout");
    }

    public void Dispose() => trial.Dispose();
}
