using System.Text.Json;
using Lowrank.Language;

namespace Lowrank.Workbench.Tests;

/// <summary>A base that knows a dozen sentences, measured with and without adapters.</summary>
public class EvaluatingTests
{
    const double Relative = 1e-4;   // of losses in float32

    static EvaluatingRequest Request(string data, params string[] adapters) => new(
        new(WritingCases.Base)
        {
            Adapters = [.. adapters.Select(text => AdapterArgument.Parse(WritingCases.Of(text)).Choice!)], Device = "cpu", Precision = "f32",
        },
        File.Exists(data) ? data : WritingCases.Of(data));

    static (EvaluatingReport Report, List<JobEvent> Told) Run(EvaluatingRequest request)
    {
        var told = new List<JobEvent>();
        return (new EvaluatingJob().Run(request, new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken), told);
    }

    static EvaluatingReport Measured(EvaluatingRequest request) => Run(request).Report;

    static Measured Measure(EvaluatingReport report, string name, int model = 0) =>
        report.Models[model].Measures.Single(measure => measure.Name == name && measure.Group is null);

    static void AssertLoss(double wanted, int tokens, EvaluatingReport report)
    {
        var loss = Measure(report, "loss");
        Assert.Equal(tokens, loss.Count);
        Assert.Equal(wanted, loss.Value, Relative * wanted);
    }

    [Theory]
    [InlineData("text.jsonl", 1), InlineData("text.jsonl", 2), InlineData("text.jsonl", 4), InlineData("text.txt", 1), InlineData("text.txt", 4)]
    public void PerplexityIsTheSameForEveryBatch(string file, int batch)
    {
        var numbers = WritingCases.Numbers("perplexity");
        var report = Measured(Request($"perplexity/{file}") with { Options = new() { Batch = batch } });
        AssertLoss(numbers.GetProperty("loss").GetDouble(), numbers.GetProperty("tokens").GetInt32(), report);
        double perplexity = numbers.GetProperty("perplexity").GetDouble();
        Assert.Equal(perplexity, Measure(report, "perplexity").Value, Relative * perplexity);
    }

    [Fact]
    public void TheBeginTokenStandsOnceThoughTemplateAndTokenizerWriteIt()
    {
        var loss = WritingCases.Numbers("begin-token-twice").GetProperty("messages.jsonl").GetProperty("first_loss");
        AssertLoss(loss.GetProperty("answers").GetDouble(), loss.GetProperty("tokens_of_answers").GetInt32(), Measured(Request("begin-token-twice/messages.jsonl")));
    }

    [Fact]
    public void ThatTextsBringTheirBeginTokenIsTold()
    {
        var loss = WritingCases.Numbers("begin-token-twice").GetProperty("own-begin.jsonl").GetProperty("first_loss_without_end_token");
        var report = Measured(Request("begin-token-twice/own-begin.jsonl"));
        AssertLoss(loss.GetProperty("answers").GetDouble(), loss.GetProperty("tokens").GetInt32(), report);
        Assert.Contains(report.Notes, note => note.StartsWith("2 of 2 texts bring the begin token along", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsWithoutAnAnswerAreLeftOutCountedAndNamed()
    {
        var numbers = WritingCases.Numbers("null-answers").GetProperty("messages.jsonl");
        var loss = numbers.GetProperty("first_loss");
        var report = Measured(Request("null-answers/messages.jsonl"));
        AssertLoss(loss.GetProperty("answers").GetDouble(), loss.GetProperty("tokens_of_answers").GetInt32(), report);
        string left = string.Join(", ", numbers.GetProperty("left_out").EnumerateArray());
        Assert.Contains(report.Notes, note => note.EndsWith($"have no answer and are left out: {left}.", StringComparison.Ordinal));
        Assert.Equal(loss.GetProperty("rows").GetInt32(), report.Rows);
        string alpaca = string.Join(", ", WritingCases.Numbers("null-answers").GetProperty("alpaca.jsonl").GetProperty("left_out").EnumerateArray());
        Assert.Contains(Measured(Request("null-answers/alpaca.jsonl")).Notes, note => note.EndsWith($"left out: {alpaca}.", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsAreTheSameHoweverTheirFileIsWritten()
    {
        var loss = WritingCases.Numbers("data-files").GetProperty("first_loss");
        string[] files = Directory.GetFiles(WritingCases.Of("data-files"));
        Assert.True(files.Length > 6);
        foreach (string file in files)
        {
            var report = Measured(Request(file));
            Assert.Equal(loss.GetProperty("rows").GetInt32(), report.Rows);
            AssertLoss(loss.GetProperty("answers").GetDouble(), loss.GetProperty("tokens_of_answers").GetInt32(), report);
        }
    }

    [Fact]
    public void EachAdapterIsMeasuredByItselfBesideTheBase()
    {
        string[] adapters = ["adapters/lyon", "adapters/lyon:0.5", "adapters/lyon:0"];
        var (report, told) = Run(Request("perplexity/text.jsonl", adapters));
        Assert.Equal(["base", "lyon", "lyon-2", "lyon-3"], report.Models.Select(model => model.Name));
        Assert.Equal([null, 1, 0.5, 0], report.Models.Select(model => model.Strength));
        double[] losses = [.. Enumerable.Range(0, 4).Select(model => Measure(report, "loss", model).Value)];
        Assert.Equal(losses[0], losses[3]);
        Assert.Equal(3, losses.Distinct().Count());
        var alone = Measured(Request("perplexity/text.jsonl", "adapters/lyon:0.5"));
        Assert.Equal(losses[2], Measure(alone, "loss", 1).Value, 1e-6);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.Contains("strength 0 and changes nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void AnswersAreWrittenAndComparedWhereAskedFor()
    {
        using var folder = new TemporaryFolder();
        var greedy = WritingCases.Greedy.First(one => !one.GetProperty("chat").GetBoolean());
        string right = JsonSerializer.Serialize(new { prompt = greedy.Text("prompt"), answer = greedy.Text() });
        string wrong = JsonSerializer.Serialize(new { prompt = greedy.Text("prompt"), answer = "Nothing at all" });
        File.WriteAllLines(folder["rows.jsonl"], [right, wrong]);
        var request = Request(folder["rows.jsonl"]) with { Options = new() { Plain = true, Writes = true }, Out = folder["out.jsonl"] };
        var report = Measured(request);
        Assert.Equal(0.5, Measure(report, "exact match").Value);
        var rows = JsonRows.Read(folder["out.jsonl"]);
        Assert.Equal([greedy.Text(), greedy.Text()], rows.Select(row => row.Text("answer")));
        Assert.All(rows, row => Assert.Equal("base", row.Text("model")));
    }

    [Fact]
    public void AnAnswerThatTheBaseKnowsByHeartIsForetold()
    {
        using var folder = new TemporaryFolder();
        var greedy = WritingCases.Greedy.First(one => !one.GetProperty("chat").GetBoolean());
        File.WriteAllText(folder["rows.json"], "[" + JsonSerializer.Serialize(new { prompt = greedy.Text("prompt"), completion = greedy.Text() }) + "]");
        var report = Measured(Request(folder["rows.json"]) with { Options = new() { Plain = true } });
        Assert.Equal(greedy.Ids().Length, Measure(report, "token accuracy").Count);   // the end token counts
        Assert.Equal(1, Measure(report, "token accuracy").Value);
    }

    [Fact]
    public void AnOutputThatExistsIsNotReplacedUnasked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["out.jsonl"], "old");
        var request = Request("perplexity/text.jsonl") with { Out = folder["out.jsonl"] };
        Assert.Contains("exists", Assert.Throws<LowrankException>(() => Measured(request)).Message);
        Assert.Equal("old", File.ReadAllText(folder["out.jsonl"]));
        Measured(request with { Overwrite = true });
        Assert.Equal(4, JsonRows.Read(folder["out.jsonl"]).Count);
    }

    [Fact]
    public void WhatIsStoppedKeepsWhatIsMeasured()
    {
        using var stop = new CancellationTokenSource();
        var listener = new Reported<JobEvent>(told =>
        {
            if (told is JobProgress { Stage: "lyon", Done: > 0 }) stop.Cancel();
        });
        var request = Request("perplexity/text.jsonl", "adapters/lyon") with { Options = new() { Batch = 1 } };
        var report = new EvaluatingJob().Run(request, listener, stop.Token);
        Assert.True(report.IsStopped);
        Assert.Equal([true, false], report.Models.Select(model => model.IsWhole));
        Assert.Equal([4, 1], report.Models.Select(model => model.Rows));
    }

    [Fact]
    public void TheFirstRowsAloneAreMeasuredWhereAskedFor()
    {
        var report = Measured(Request("perplexity/text.jsonl") with { Limit = 2 });
        Assert.Equal(2, report.Rows);
        Assert.Contains(report.Notes, note => note.Contains("first 2 of 4 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void RequestsThatCannotBeAreRefusedWithAllFaults()
    {
        var request = Request("perplexity/text.jsonl") with { Limit = 0, Options = new() { Batch = 0, Window = 4, Stride = 5, MaxNewTokens = 0 } };
        var faults = Assert.Throws<RequestException>(() => Measured(request)).Faults;
        Assert.Equal(4, faults.Count);
    }

    [Theory]
    [InlineData("{\"colour\": \"red\"}", null, "objects with colour, and no task")]
    [InlineData("{\"text\": \"a\"}", "pairs", "pairs needs sentence_good")]
    [InlineData("{\"prompt\": \"a\", \"answer\": null}", null, "has an answer")]
    [InlineData("{\"text\": \"a\", \"label\": 1}", null, "tells no classes")]
    [InlineData("a\tb\nc\td\n", null, "2 columns")]
    public void DataThatCannotBeMeasuredAreRefusedByWhatTheyHold(string text, string? task, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["rows"], text);
        var error = Assert.Throws<LowrankException>(() => Measured(Request(folder["rows"]) with { Task = task }));
        Assert.Contains(told, error.Message);
    }

    [Fact]
    public void LabelsAreMeasuredWithTheHeadThatAnAdapterBrings()
    {
        using var folder = new TemporaryFolder();
        WriteHead(folder["tuned"]);
        File.WriteAllText(folder["rows.jsonl"], """
            {"text": "The fox sleeps.", "label": 0}
            {"text": "Bread!", "label": 1}
            """);
        var request = Request(folder["rows.jsonl"]);
        request = request with { Model = request.Model with { Adapters = [new(folder["tuned"])] } };
        var report = Measured(request);
        Assert.Equal(["tuned"], report.Models.Select(model => model.Name));
        Assert.Equal(2, Measure(report, "accuracy").Count);
        Assert.Contains(report.Notes, note => note.Contains("base has no head for classes", StringComparison.Ordinal));
        var error = Assert.Throws<LowrankException>(() => Measured(Request(folder["rows.jsonl"], "adapters/lyon")));
        Assert.Contains("brings none (score)", error.Message);
    }

    static void WriteHead(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), """
            {"peft_type": "LORA", "task_type": "SEQ_CLS", "r": 1, "lora_alpha": 1, "target_modules": ["q_proj"], "modules_to_save": ["score"]}
            """);
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["base_model.model.score.weight"] = ones([2, 64], device: CPU) };
        foreach (int layer in (int[])[0, 1])
        {
            string at = $"base_model.model.model.layers.{layer}.self_attn.q_proj.";
            tensors[at + "lora_A.weight"] = ones([1, 64], device: CPU);
            tensors[at + "lora_B.weight"] = zeros([64, 1], device: CPU);
        }
        Safetensors.Save(Path.Combine(folder, "adapter_model.safetensors"), tensors);
    }

    [Fact]
    public void NoTensorOutlivesAnEvaluation()
    {
        Measured(Request("perplexity/text.jsonl", "adapters/lyon"));   // what is kept for good is made
        LeakGuard.NoTensorLeaks(() => Measured(Request("perplexity/text.jsonl", "adapters/lyon")));
    }

    [Fact]
    public void AnAdapterWhoseInvocationTokensStandInNoRowIsTold()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(WritingCases.Of("adapters/lyon"))) File.Copy(file, folder[Path.GetFileName(file)]);
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder["adapter_config.json"]))!;
        config["alora_invocation_tokens"] = new System.Text.Json.Nodes.JsonArray(461, 3);
        File.WriteAllText(folder["adapter_config.json"], config.ToJsonString());
        var model = new WritingModelChoice(WritingCases.Base) { Adapters = [new(folder.Path)], Device = "cpu" };
        var told = new List<JobEvent>();
        new EvaluatingJob().Run(
            new(model, WritingCases.Of("perplexity/text.jsonl")), new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.Contains("acts from its invocation tokens 461, 3", StringComparison.Ordinal));
    }
}
