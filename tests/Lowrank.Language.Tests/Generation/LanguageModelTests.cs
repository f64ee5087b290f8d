using System.Text.Json;
using TorchSharp;

namespace Lowrank.Language.Tests;

public class LanguageModelTests
{
    [Fact]
    public void EveryFileThatNamesAnEndTokenIsHeard()
    {
        using var model = TinyModel.Load(generation: """{"eos_token_id": [301, 7]}""");
        Assert.Equal([300, 301, 7, 302], model.EndTokens);   // config, generation config, and the template's <begin>
    }

    [Fact]
    public void TheGenerationConfigTellsHowTextsAreWritten()
    {
        using var model = TinyModel.Load(generation: """
            {"do_sample": true, "temperature": 0.6, "top_p": 0.9, "repetition_penalty": 1.1, "max_new_tokens": 12, "guidance_scale": 2.0}
            """);
        var sampling = model.Defaults.Sampling;
        Assert.True(sampling.Samples);
        Assert.Equal((0.6, 0.9, 50, 12), (sampling.Temperature, sampling.TopP, sampling.TopK, sampling.MaxNewTokens));
        Assert.Contains(model.Notes, note => note.Contains("guidance_scale (2.0) is not used", StringComparison.Ordinal));
    }

    [Fact]
    public void TokensOfTheGenerationConfigAreThoseOfTheModel()
    {
        using var model = TinyModel.Load(generation: """{"suppress_tokens": [999999, 5, -1], "begin_suppress_tokens": [303]}""");
        Assert.Equal([5], model.Defaults.Sampling.SuppressTokens);
        Assert.Empty(model.Defaults.Sampling.BeginSuppressTokens);
        string note = Assert.Single(model.Notes, note => note.Contains("suppress_tokens", StringComparison.Ordinal));
        Assert.Contains("suppress_tokens 999999, -1", note);
        Assert.Contains("begin_suppress_tokens 303", note);
        foreach (string field in new[] { "\"bad_words_ids\": [[5, 303]]", "\"forced_bos_token_id\": 303", "\"forced_eos_token_id\": [7, 303]" })
        {
            string fault = Assert.Throws<LowrankException>(() => TinyModel.Load(generation: $"{{{field}}}")).Message;
            Assert.Contains(field.Split('"')[1] + " names the token 303", fault);
        }
    }

    [Fact]
    public void BeamsMayAllComeFromAnyOfTheFirst()
    {
        using var model = TinyModel.Load(generation: """{"num_beams": 2, "forced_bos_token_id": 0, "max_new_tokens": 4}""");
        Assert.Equal(0, model.Written("abc").Ids[0]);
    }

    [Fact]
    public void AGrammarEndsByTheEndTokenThatIsAskedFor()
    {
        using var model = TinyModel.Load();
        var options = new GenerationOptions { Grammar = GbnfParser.Parse("root ::= \"yes\""), Sampling = new() { EndTokens = [301] } };
        var text = model.Written("abc", options);
        Assert.Equal((FinishReason.EndToken, "yes", 301), (text.Finish, text.Text, text.Ids[^1]));
    }

    [Fact]
    public void ATextEndsBeforeAStopStringAndSaysWhich()
    {
        using var model = TinyModel.Load();
        var free = model.Written("the cat", TinyModel.Drawn(40, seed: 4));
        string stop = free.Text.Substring(free.Text.Length / 2, 2);
        var text = model.Written("the cat", TinyModel.Drawn(40, seed: 4) with { Stops = ["never so", stop] });
        Assert.Equal((FinishReason.StopString, stop), (text.Finish, text.Stop));
        Assert.Equal(free.Text[..free.Text.IndexOf(stop, StringComparison.Ordinal)], text.Text);
    }

    [Fact]
    public void AnEndTokenEndsATextAndIsNotInIt()
    {
        using var model = TinyModel.Load();
        var options = new GenerationOptions { Sampling = new() { MaxNewTokens = 9, ForcedBegin = 300 } };
        var text = model.Written("abc", options);
        Assert.Equal((FinishReason.EndToken, ""), (text.Finish, text.Text));
        Assert.Equal([300], text.Ids);
        Assert.Equal("<end>", model.Written("abc", options with { KeepsControl = true }).Text);
    }

    [Fact]
    public void PromptAndTextThatFillTheContextEndThere()
    {
        using var model = TinyModel.Load(context: 12);
        var text = model.Written("abcabcabc", TinyModel.Likeliest(40));
        Assert.Equal((FinishReason.ContextFull, 12), (text.Finish, text.PromptTokens + text.Ids.Count));
        var error = Assert.Throws<LowrankException>(() => model.Written("abcabcabcabcabcabcabcabcabcabcabcabcabc xyz"));
        Assert.Contains("the model takes 12, prompt and text together", error.Message);
    }

    [Fact]
    public void ATextEndsWhenItsTimeIsOver()
    {
        using var model = TinyModel.Load();
        var text = model.Written("abc", TinyModel.Likeliest(40) with { MaxTime = TimeSpan.Zero });
        Assert.Equal((FinishReason.MaxTime, 1), (text.Finish, text.Ids.Count));
    }

    [Fact]
    public void AStoppedTextKeepsWhatIsWritten()
    {
        using var model = TinyModel.Load();
        using var stop = new CancellationTokenSource();
        var written = new List<string>();
        var listener = new Reporter(piece =>
        {
            written.Add(piece.Text);
            if (written.Count == 5) stop.Cancel();
        });
        var text = model.GenerateAll([new(model.Prompt("the"), TinyModel.Drawn(40, seed: 2))], listener: listener, cancel: stop.Token)[0];
        Assert.Equal((FinishReason.Stopped, 5), (text.Finish, text.Ids.Count));
        Assert.Equal(string.Concat(written), text.Text);
    }

    [Theory, InlineData(null), InlineData(2)]
    public void APromptThatIsReadIsStoppedBetweenItsLayers(int? beams) => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load();
        using var stop = new CancellationTokenSource();
        int layers = 0;
        var norms = model.Network.named_modules().Where(one => one.name.EndsWith("input_layernorm", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, norms.Count);
        foreach (var (_, norm) in norms) ((torch.nn.Module<torch.Tensor, torch.Tensor>)norm).register_forward_pre_hook((_, x) =>
        {
            layers++;
            stop.Cancel();
            return x;
        });
        var options = TinyModel.Likeliest(10) with { Beams = beams is { } count ? new(count) : null };
        var text = model.GenerateAll([new(model.Prompt("the cat"), options)], cancel: stop.Token)[0];
        Assert.Equal((FinishReason.Stopped, 0, 1), (text.Finish, text.Ids.Count, layers));
    });

    [Fact]
    public void BeamsTellTheSeedOfTheirDrawsAndNoOther()
    {
        using var model = TinyModel.Load();
        var likeliest = new GenerationOptions { Beams = new(2), Seed = 3 }.AtMost(4);
        Assert.Null(model.Written("abc", likeliest).Seed);
        var drawn = model.Written("abc", (likeliest with { Seed = null }).Sampled(2));
        Assert.Equal(drawn.Ids, model.Written("abc", (likeliest with { Seed = drawn.Seed }).Sampled(2)).Ids);
        Assert.NotNull(drawn.Seed);
    }

    [Fact]
    public void WhereRulesLeaveNothingOfAGrammarTheVocabularyIsNotBlamed()
    {
        using var model = TinyModel.Load();
        var held = new GenerationOptions { Grammar = GbnfParser.Parse("root ::= \"yes\"") };
        AssertFault("the text is whole by the grammar", held with { Sampling = new() { MinNewTokens = 9 } });
        AssertFault("IgnoresEnd", held with { IgnoresEnd = true });
        AssertFault("ban every token that the grammar allows", held with { Sampling = new() { SuppressTokens = [.. Enumerable.Range(0, 303)] } });

        void AssertFault(string wanted, GenerationOptions options) =>
            Assert.Contains(wanted, Assert.Throws<LowrankException>(() => model.Written("abc", options)).Message);
    }

    [Fact]
    public void ControlTokensThatAreShownAreNoneOfWhatWasSaid()
    {
        using var model = TinyModel.Load();
        var options = new GenerationOptions { KeepsControl = true, Sampling = new() { MaxNewTokens = 3, ForcedEnd = [302] } };
        using var conversation = new OngoingConversation(model, options: options);
        var answer = conversation.Answer("the cat", cancel: TestContext.Current.CancellationToken);
        Assert.EndsWith("<begin>", answer.Text);
        Assert.Equal(answer.Text[..^"<begin>".Length], conversation.Messages[^1].Content);
    }

    [Fact]
    public async Task ControlTokensOfAStreamThatNobodyHearsToItsEndAreNoneOfWhatWasSaidEither()
    {
        using var model = TinyModel.Load();
        int begin = model.Tokenizer.Id("<begin>")!.Value;
        SamplingOptions sampling = new() { MaxNewTokens = 40, ForcedBegin = begin, EndTokens = [300], SuppressTokens = [300] };
        using var conversation = new OngoingConversation(model, options: new() { KeepsControl = true, Sampling = sampling });
        string given = "";
        await foreach (string piece in conversation.Stream("the cat", TestContext.Current.CancellationToken))
        {
            given += piece;
            if (given.Length > "<begin>".Length + 3) break;
        }
        Assert.StartsWith("<begin>", given);
        Assert.Equal(given.Replace("<begin>", "", StringComparison.Ordinal), conversation.Messages[^1].Content);
    }

    [Fact]
    public void AConversationIsAnsweredThroughTheTemplate()
    {
        using var model = TinyModel.Load();
        Assert.Equal("<user>user:the cat<begin><user>assistant:", model.Tokenizer.Decode(model.Chat("the cat"), skipSpecials: false));
        int[] control = [.. model.Chat("the <begin> cat").Where(id => id == 302)];
        Assert.Single(control);   // the template's own, and not the message's
    }

    [Fact]
    public void TextsAreHeldToASchema()
    {
        using var model = TinyModel.Load();
        var schema = JsonDocument.Parse("""
            {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 99}}, "required": ["n"],
             "additionalProperties": false}
            """).RootElement;
        var grammar = JsonSchemaGrammar.Of(schema).Grammar;
        for (int seed = 0; seed < 5; seed++)
        {
            var options = new GenerationOptions { Seed = seed, Grammar = grammar }.AtMost(200).Sampled();
            foreach (var way in new[] { options, options with { LlamaCpp = new() { Temperature = 2 } } })
            {
                var text = model.Written("abc", way);
                if (text.Finish != FinishReason.EndToken) continue;   // white space without end is allowed
                Assert.InRange(JsonDocument.Parse(text.Text).RootElement.GetProperty("n").GetInt32(), 0, 99);
            }
        }
    }

    [Fact]
    public void WhatCannotBeIsToldWithTheWayOut()
    {
        using var model = TinyModel.Load();
        AssertFault("above 0", options => options with { Sampling = options.Sampling with { Samples = true, Temperature = -1 } });
        AssertFault("more than the network has tokens (303)", options => options with { Beams = new(400) });
        AssertFault("SuppressTokens names the token 303", options => options with { Sampling = new() { SuppressTokens = [303] } });
        AssertFault("BadWords names the token -2", options => options with { Sampling = new() { BadWords = [[5], [7, -2]] } });
        AssertFault("do not go together", options => options with { Beams = new(3), LlamaCpp = new() });
        AssertFault("the model has no adapter \"nice\"", options => options with { Adapter = "nice" });
        var error = Assert.Throws<LowrankException>(() => model.Written([5, 700]));
        Assert.Contains("the token 700", error.Message);

        void AssertFault(string wanted, Func<GenerationOptions, GenerationOptions> with)
        {
            var fault = Assert.Throws<LowrankException>(() => model.Written("abc", with(new())));
            Assert.Contains(wanted, fault.Message);
        }
    }

    sealed class Reporter(Action<GeneratedPiece> tell) : IProgress<GeneratedPiece>
    {
        public void Report(GeneratedPiece value) => tell(value);
    }
}
