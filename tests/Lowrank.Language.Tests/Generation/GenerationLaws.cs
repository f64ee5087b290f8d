using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>What holds of every text that a model writes.</summary>
public class GenerationLaws
{
    static readonly string[] prompts = ["the cat", "abc", "caf\u00e9 and a much longer beginning of it all", "x"];

    static List<GenerationRequest> Requests(LanguageModel model, Func<int, GenerationOptions> options) =>
        [.. prompts.Select((prompt, number) => new GenerationRequest(model.Prompt(prompt), options(number)))];

    [Theory, InlineData(null), InlineData(3)]
    public void PromptsOfAnyLengthsInABatchAreGoneOnWithAsEachAlone(int? window) => Try(model =>
    {
        var requests = Requests(model, number => TinyModel.Likeliest(9 + 5 * number));
        var batched = model.GenerateAll(requests);
        foreach (var (request, text) in requests.Zip(batched)) Assert.Equal(model.GenerateAll([request])[0].Ids, text.Ids);
    }, window);

    static GenerationOptions Odd(int number, GenerationOptions drawn) => number switch
    {
        0 => drawn with { Sampling = drawn.Sampling with { RepetitionPenalty = 1.4, NoRepeatNgramSize = 2, TopK = 30, TopP = 0.9 } },
        1 => drawn with { Sampling = drawn.Sampling with { BadWords = [[5], [7, 9]], SuppressTokens = [11, 12], MinNewTokens = 6 } },
        2 => drawn with { Stops = ["ab", "\u00e9x", "e", "th"], KeepsControl = true },
        3 => drawn with { Grammar = GbnfParser.Parse("root ::= [a-f]{3,40} \"\\n\" root?"), IgnoresEnd = false },
        4 => drawn with { LlamaCpp = new() { PenaltyRepeat = 1.2f, PenaltyPresence = 0.3f, DryMultiplier = 0.8f, XtcProbability = 0.5f } },
        5 => drawn with { LlamaCpp = new() { Mirostat = 2 }, Grammar = GbnfParser.Parse("root ::= [a-z ]+"), IgnoresEnd = false },
        6 => drawn with { Sampling = drawn.Sampling with { ForcedBegin = 40, ForcedEnd = [300], FrequencyPenalty = 0.7 } },
        _ => drawn.AtMost(500),   // until the context is full
    };

    [Theory, InlineData(null), InlineData(3)]
    public void RowsOfOddSettingsAreWrittenAsEachAloneAndInPieces(int? window) => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load(window, context: 90);
        List<GenerationRequest> requests =
        [
            .. Enumerable.Range(0, 8).Select(number => new GenerationRequest(
                model.Prompt(prompts[number % prompts.Length]), Odd(number, TinyModel.Drawn(20 + 3 * number, seed: 70 + number)))),
        ];
        var pieces = new StringBuilder[requests.Count];
        foreach (int row in Enumerable.Range(0, pieces.Length)) pieces[row] = new();
        var batched = model.GenerateAll(requests, listener: new Listener(piece => pieces[piece.Row].Append(piece.Text)));
        foreach (var (number, text) in batched.Index())
        {
            var alone = model.GenerateAll([requests[number]])[0];
            Assert.Equal((number, alone.Finish, alone.Stop, alone.Text), (number, text.Finish, text.Stop, text.Text));
            Assert.Equal(alone.Ids, text.Ids);
            Assert.Equal(text.Text, pieces[number].ToString());
        }
        Assert.Equal(FinishReason.ContextFull, batched[^1].Finish);
    });

    [Theory, InlineData(null), InlineData(3)]
    public void WhatGoesOnFromACacheIsWhatTheWholeTextSays(int? window) => Try(model =>
    {
        var ids = model.Prompt(prompts[2]).ToList();
        int length = ids.Count;
        for (int written = 0; written < 30; written++) ids.Add(Likeliest(model, ids));
        Assert.Equal(ids[length..], model.Generate(prompts[2], TinyModel.Likeliest(30)).Ids);
    }, window);

    static int Likeliest(LanguageModel model, List<int> ids)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var input = tensor([.. ids.Select(id => (long)id)], [1, ids.Count], ScalarType.Int64, CPU);
        return (int)model.Network.Logits(model.Network.Run(new(input)).Hidden.select(1, ids.Count - 1)).argmax().ToInt64();
    }

    [Fact]
    public void ASeedGivesTheSameTextWhateverElseIsWritten() => Try(model =>
    {
        var alone = model.Generate(prompts[1], TinyModel.Drawn(25, seed: 11));
        var requests = Requests(model, number => TinyModel.Drawn(10 + 5 * number, seed: number == 1 ? 11 : 40 + number));
        requests[1] = requests[1] with { Options = TinyModel.Drawn(25, seed: 11) };
        Assert.Equal(alone.Ids, model.GenerateAll(requests)[1].Ids);
        Assert.NotEqual(alone.Ids, model.Generate(prompts[1], TinyModel.Drawn(25, seed: 12)).Ids);
    });

    [Fact]
    public void OneGeneratorForAllGivesRowsThatHangOnEachOther() => Try(model =>
    {
        var requests = Requests(model, _ => TinyModel.Drawn(8, seed: 3));
        var whole = model.GenerateAll(requests, seed: 3);
        Assert.Equal(whole[0].Ids[0], model.GenerateAll(requests[..1], seed: 3)[0].Ids[0]);   // the first draw is the first row's
        Assert.Equal(whole.SelectMany(text => text.Ids), model.GenerateAll(requests, seed: 3).SelectMany(text => text.Ids));
        Assert.NotEqual(whole[1].Ids, model.GenerateAll([requests[1]], seed: 3)[0].Ids);
    });

    [Fact]
    public async Task PiecesThatAreStreamedAreTheWholeText()
    {
        using var model = TinyModel.Load();
        foreach (var options in new[] { TinyModel.Drawn(60, seed: 1), TinyModel.Drawn(60, seed: 2) with { Stops = ["th", "a"] } })
        {
            var streamed = new StringBuilder();
            await foreach (string piece in model.Stream(prompts[0], options, TestContext.Current.CancellationToken))
            {
                Assert.DoesNotContain('\uFFFD', piece[^1..]);
                streamed.Append(piece);
            }
            Assert.Equal(model.Generate(prompts[0], options, TestContext.Current.CancellationToken).Text, streamed.ToString());
        }
    }

    [Fact]
    public void AThousandTokensLeaveAsManyTensorsAsThereWere() => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load();
        long? before = null;   // as this thread counts them, of which others may have let some go
        var listener = new Listener(piece =>
        {
            before ??= LeakGuard.Live;
            Assert.True(LeakGuard.Live <= before, $"{LeakGuard.Live} tensors live, {before} at the first token");
        });
        var text = model.GenerateAll([new(model.Prompt("the"), TinyModel.Drawn(1000, seed: 5))], listener: listener)[0];
        Assert.Equal(1000, text.Ids.Count);
    });

    [Fact]
    public void RowsWithAdaptersOfTheirOwnAreWrittenAsWithEachAlone() => Try(model =>
    {
        foreach (string name in new[] { "one", "two" }) AddAdapter(model, name);
        model.Adapters.SetActive("one", "two");
        string?[] names = ["one", "two", "", "one"];
        var requests = Requests(model, number => TinyModel.Likeliest(12) with { Adapter = names[number] });
        var mixed = model.GenerateAll(requests);
        foreach (var (number, request) in requests.Index())
        {
            model.Adapters.SetActive(names[number] is { Length: > 0 } name ? [name] : []);
            var plain = request with { Options = request.Options with { Adapter = null } };
            Assert.Equal(model.GenerateAll([plain])[0].Ids, mixed[number].Ids);
        }
        Assert.NotEqual(model.Generate(prompts[0], TinyModel.Likeliest(12) with { Adapter = "" }).Ids, mixed[0].Ids);
    });

    [Fact]
    public void RowsWhoseAdaptersActFromTheirInvocationOnAreWrittenAsEachAlone() => Try(model =>
    {
        int[] invocation = [.. model.Tokenizer.Encode("cat", addSpecials: false).Ids];
        AddActivated(model, "one", invocation);
        AddAdapter(model, "two");
        AddActivated(model, "three", [.. model.Tokenizer.Encode("abc", addSpecials: false).Ids]);
        model.Adapters.SetActive("one", "two", "three");
        string[] names = ["one", "three", "", "two"];
        string[] beginnings = ["the cat", "abc and the cat", "the cat", "abc"];
        List<GenerationRequest> requests =
            [.. beginnings.Zip(names, (text, name) => new GenerationRequest(model.Prompt(text), TinyModel.Likeliest(12) with { Adapter = name }))];
        var mixed = model.GenerateAll(requests);
        foreach (var (number, request) in requests.Index())
        {
            model.Adapters.SetActive(names[number].Length > 0 ? [names[number]] : []);
            Assert.Equal(model.GenerateAll([request with { Options = TinyModel.Likeliest(12) }])[0].Ids, mixed[number].Ids);
        }
        model.Adapters.SetActive();
        Assert.NotEqual(model.GenerateAll([requests[0] with { Options = TinyModel.Likeliest(12) }])[0].Ids, mixed[0].Ids);
    });

    // As PEFT writes it: a LoRA with the tokens from which it acts.
    static void AddActivated(LanguageModel model, string name, int[] invocation)
    {
        using var folder = new TemporaryFolder();
        AddAdapter(model, name);
        model.Adapters.Save(folder["lora"], name);
        model.Adapters.Remove(name);
        string config = Path.Combine(folder["lora"], "adapter_config.json");
        var fields = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(config))!;
        fields["alora_invocation_tokens"] = new System.Text.Json.Nodes.JsonArray([.. invocation.Select(id => (System.Text.Json.Nodes.JsonNode)id)]);
        File.WriteAllText(config, fields.ToJsonString());
        model.Adapters.Load(folder["lora"], name);
    }

    [Fact]
    public void VirtualTokensOfSomeRowsAreRefusedByName() => Try(model =>
    {
        AddPrompt(model, "learnt");
        var requests = Requests(model, number => TinyModel.Likeliest(3) with { Adapter = number == 1 ? "learnt" : "" });
        var fault = Assert.Throws<LowrankException>(() => Written(model, requests));
        Assert.Contains("learnt puts virtual tokens before a row", fault.Message);
    });

    static IReadOnlyList<GeneratedText> Written(LanguageModel model, List<GenerationRequest> requests) => model.GenerateAll(requests);

    /// <summary>Puts virtual tokens before every row of a model.</summary>
    internal static void AddPrompt(LanguageModel model, string name)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var generator = new Generator(9, CPU);
        var config = model.Network.Config;
        var rows = randn([3, config.HiddenSize], device: CPU, generator: generator);
        Lowrank.Formats.Safetensors.Save(folder["adapter_model.safetensors"], new Dictionary<string, Tensor> { ["prompt_embeddings"] = rows });
        File.WriteAllText(folder["adapter_config.json"], $$"""
            {"peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "token_dim": {{config.HiddenSize}},
             "num_layers": {{config.Layers}}, "num_attention_heads": {{config.Heads}}, "num_transformer_submodules": 1}
            """);
        model.Adapters.Load(folder.Path, name);
    }

    static void AddAdapter(LanguageModel model, string name)
    {
        model.Network.AddLora("q_proj,down_proj", rank: 3, alpha: 5, name: name);
        using var grad = no_grad();
        foreach (var part in model.Adapters[name].Adapter.Trainable) part.normal_(0, 0.5);
    }

    [Fact]
    public void BeamsOfAPromptAreFoundAloneAsBesideOthers() => Try(model =>
    {
        var options = TinyModel.Likeliest(7) with { Beams = new(3, Returned: 2) };
        var requests = Requests(model, _ => options);
        var all = model.GenerateAll(requests);
        Assert.Equal(2 * requests.Count, all.Count);
        foreach (var (number, request) in requests.Index())
            Assert.Equal(model.GenerateAll([request]).Select(text => text.Ids), all.Skip(2 * number).Take(2).Select(text => text.Ids));
        Assert.True(all[0].Score >= all[1].Score);
    });

    static void Try(Action<LanguageModel> body, int? window = null) => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load(window);
        body(model);
    });

    sealed class Listener(Action<GeneratedPiece> tell) : IProgress<GeneratedPiece>
    {
        public void Report(GeneratedPiece value) => tell(value);
    }
}
