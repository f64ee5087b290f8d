using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What a real small model says and writes: logits, greedy texts, with an adapter, along beams, and a batch of answers.</summary>
public class SmolLm2Goldens
{
    const string Group = "language/smollm2", Runs = "language/smollm2-runs";

    // A draw of the best two logits that lie so near may fall otherwise in another order of sums.
    const double Undecided = 0.01;

    public static IEnumerable<TheoryDataRow<int>> Prompts => Rows(SmolLm2.Group(Group));

    public static IEnumerable<TheoryDataRow<int>> Adapted => Rows(SmolLm2.Group(Runs)?.GetProperty("adapter"));

    public static IEnumerable<TheoryDataRow<int>> Searched => Rows(SmolLm2.Group(Runs)?.GetProperty("beams"));

    static IEnumerable<TheoryDataRow<int>> Rows(JsonElement? list) =>
        Enumerable.Range(0, list?.GetProperty("cases").GetArrayLength() ?? 0).Select(row => new TheoryDataRow<int>(row));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Prompts)), Trait("kind", "goldens")]
    public void Greedy(int row) => Golden.Run(Group, $"prompt {row}", () =>
    {
        using var model = SmolLm2.Load();
        var one = SmolLm2.Group(Group)!.Value.GetProperty("cases")[row];
        double tolerance = SmolLm2.Group(Group)!.Value.GetProperty("tolerance").GetProperty("logits_abs").GetDouble();
        var prompt = Ids(one, "ids");
        // The prompts of conversations are written out with the template's tokens.
        Assert.Equal(prompt, model.Tokenizer.Encode(one.GetProperty("prompt").GetString()!, addSpecials: false).Ids);
        SmolLm2.AssertLogits(SmolLm2.Logits(model, prompt), one.GetProperty("top5_ids"), one.GetProperty("top5_logits"), tolerance, "base");
        var text = Write(model, prompt, Ids(one, "greedy_16").Count);
        Assert.Equal(Ids(one, "greedy_16"), text.Ids);
        Assert.Equal(one.GetProperty("greedy_text").GetString(), text.Text);
    });

    [Fact, Trait("kind", "goldens")]
    public void Weights()
    {
        Assert.SkipWhen(SmolLm2.Group(Group) is null, $"the goldens have no {Group}");
        Golden.Run(Group, "weights", () =>
        {
            using var model = SmolLm2.Load();
            var group = SmolLm2.Group(Group)!.Value;
            double relative = group.GetProperty("tolerance").GetProperty("weights_rel").GetDouble();
            foreach (var weight in group.GetProperty("weights").EnumerateObject())
            {
                string path = weight.Name[..weight.Name.LastIndexOf('.')];
                var layer = model.Network.Describe().LayersByPath.GetValueOrDefault($"{ModelDescription.Whole}.{path}");
                var values = layer?.Weight.Dense(ScalarType.Float32) ?? model.Network.state_dict()[weight.Name];
                AssertProbe(values.reshape(-1).narrow(0, 0, 8), weight.Value.GetProperty("first_8"), relative);
                double sum = values.to(ScalarType.Float64).abs().sum().ToDouble(), want = weight.Value.GetProperty("abs_sum").GetDouble();
                Assert.Equal(want, sum, want * relative);
            }
        });
    }

    static void AssertProbe(Tensor got, JsonElement wanted, double relative)
    {
        foreach (var (at, want) in wanted.EnumerateArray().Index())
            Assert.Equal(want.GetDouble(), got[at].ToDouble(), Math.Abs(want.GetDouble()) * relative + 1e-7);   // seven digits are told
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Adapted)), Trait("kind", "goldens")]
    public void WithAnAdapter(int row) => Golden.Run(Runs, $"adapter {row}", () =>
    {
        using var model = SmolLm2.Load();
        var group = SmolLm2.Group(Runs)!.Value.GetProperty("adapter");
        var one = group.GetProperty("cases")[row];
        double tolerance = group.GetProperty("tolerance").GetProperty("logits_abs").GetDouble();
        var prompt = Ids(one, "ids");
        Near("base_top10", "base");
        SmolLm2.AddAdapter(model, group.GetProperty("config"));
        Near("top10", "adapted");
        Assert.True(one.GetProperty("smallest_top1_top2_gap").GetDouble() > Undecided);
        Assert.Equal(Ids(one, "greedy_24"), Write(model, prompt, Ids(one, "greedy_24").Count).Ids);
        string weaker = $"strength_{group.GetProperty("strength")}_top5";
        if (!one.TryGetProperty($"{weaker}_ids", out _)) return;
        model.Adapters[ModelAdapters.Default].Strength = group.GetProperty("strength").GetDouble();
        Near(weaker, "at its strength");

        void Near(string key, string what) => SmolLm2.AssertLogits(
            SmolLm2.Logits(model, prompt), one.GetProperty($"{key}_ids"), one.GetProperty($"{key}_logits"), tolerance, what);
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Searched)), Trait("kind", "goldens")]
    public void Beams(int row) => Golden.Run(Runs, $"beams {row}", () =>
    {
        using var model = SmolLm2.Load();
        var runs = SmolLm2.Group(Runs)!.Value;
        var one = runs.GetProperty("beams").GetProperty("cases")[row];
        double tolerance = runs.GetProperty("beams").GetProperty("tolerance").GetProperty("scores_abs").GetDouble();
        if (one.GetProperty("adapter").ValueKind == JsonValueKind.String) SmolLm2.AddAdapter(model, runs.GetProperty("adapter").GetProperty("config"));
        var options = new GenerationOptions { Beams = GenerationParameters.Beams(one) }.AtMost(one.GetProperty("max_new_tokens").GetInt32());
        var found = model.GenerateAll([new(Ids(one, "ids"), options)], cancel: TestContext.Current.CancellationToken);
        foreach (var (text, (want, score)) in found.Zip(one.GetProperty("sequences").EnumerateArray().Zip(one.GetProperty("scores").EnumerateArray())))
        {
            Assert.Equal(GenerationParameters.Ids(want), text.Ids);
            Assert.Equal(score.GetDouble(), text.Score!.Value, tolerance);
        }
    });

    [Fact, Trait("kind", "goldens")]
    public void ABatchOfAnswers()
    {
        Assert.SkipWhen(SmolLm2.Group(Runs) is null, $"the goldens have no {Runs}");
        Golden.Run(Runs, "e2e", () =>
        {
            using var model = SmolLm2.Load();
            var e2e = SmolLm2.Group(Runs)!.Value.GetProperty("e2e");
            var answers = e2e.GetProperty("answers").EnumerateArray().ToList();
            string data = Path.Combine(GoldenFolder.Root, "..", e2e.GetProperty("file").GetString()!["shared/".Length..]);
            if (!File.Exists(data)) throw Golden.NotCovered($"{data} is not there");
            var options = new GenerationOptions().AtMost(e2e.GetProperty("max_new_tokens").GetInt32());
            var asked = JsonRows.Read(data).Take(answers.Count).Select(
                row => new GenerationRequest(model.Chat($"Describe this place in one or two sentences: {row.Text("mr")}"), options)).ToList();
            var texts = asked.Chunk(8).SelectMany(chunk => model.GenerateAll(chunk)).ToList();
            foreach (var (text, want) in texts.Zip(answers)) AssertAnswer(text, want);
        });
    }

    static void AssertAnswer(GeneratedText text, JsonElement want)
    {
        var ids = Ids(want, "ids");
        bool isDecided = want.GetProperty("smallest_top1_top2_gap").GetDouble() >= Undecided;
        int sure = isDecided ? ids.Count : want.GetProperty("at_token").GetInt32();
        var got = text.Finish == FinishReason.EndToken ? text.Ids.SkipLast(1) : text.Ids;
        Assert.Equal(ids.Take(sure), got.Take(sure));
    }

    static GeneratedText Write(LanguageModel model, IReadOnlyList<int> prompt, int tokens) =>
        model.Generate(prompt, new GenerationOptions { IgnoresEnd = true }.AtMost(tokens), TestContext.Current.CancellationToken);

    static IReadOnlyList<int> Ids(JsonElement one, string name) => GenerationParameters.Ids(one.GetProperty(name));
}
