using TorchSharp;

namespace Lowrank.Language.Tests;

/// <summary>What was read of a text is kept, and nothing is written otherwise for it.</summary>
public class PromptCacheTests
{
    static readonly string[] said = ["the cat", "and what of the dog?", "abc", "caf\u00e9 and a much longer message than the others were"];

    // A template that shows no thought but the last one's.
    const string Thinking = "{% for m in messages %}<user>{{ m.role }}:{% if m.role == 'assistant' and not loop.last %}" +
        "{{ m.content[3:] }}{% else %}{{ m.content }}{% endif %}<begin>{% endfor %}{% if add_generation_prompt %}<user>assistant:{% endif %}";

    [Theory, InlineData(null, false), InlineData(6, false), InlineData(null, true)]
    public void AConversationThatIsKeptSaysWhatOneThatIsReadAnewSays(int? window, bool cutsAnswers) => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = Load(window, cutsAnswers);
        using var conversation = new OngoingConversation(model, "abc", TinyModel.Drawn(20, seed: 3));
        foreach (var (turn, message) in said.Index())
        {
            var before = conversation.Messages;
            var anew = model.Prompt(new Conversation([.. before, new("user", message)]));
            var wanted = model.GenerateAll([new(anew, conversation.Options)])[0];
            var answer = conversation.Answer(message);
            Assert.Equal(wanted.Ids, answer.Ids);
            Assert.Equal((wanted.Text, wanted.PromptTokens), (answer.Text, answer.PromptTokens));
            Assert.Equal(0, wanted.CachedTokens);
            if (turn > 0 && window is null) Assert.InRange(answer.CachedTokens, 10, answer.PromptTokens - 1);
        }
        Assert.Equal(1 + 2 * said.Length, conversation.Messages.Count);
        conversation.Reset();
        Assert.Equal("abc", Assert.Single(conversation.Messages).Content);
    });

    static LanguageModel Load(int? window, bool cutsAnswers)
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder.Path, window);
        if (cutsAnswers) File.WriteAllText(folder["chat_template.jinja"], Thinking);
        return LanguageModel.Load(folder.Path);
    }

    [Fact]
    public void OnlyWhatIsNewIsRead()
    {
        using var model = TinyModel.Load();
        using var cache = new PromptCache(model);
        int[] prompt = [.. model.Prompt("the cat sat"), 5, 6];
        var text = Write([.. prompt]);
        Assert.Equal((0, prompt.Length + 7), (text.CachedTokens, cache.Ids.Count));   // the last token was not gone on from
        Assert.Equal(prompt.Length + 7, Write([.. prompt, .. text.Ids, 9, 8]).CachedTokens);
        Assert.Equal(prompt.Length, Write([.. prompt, 1, 2]).CachedTokens);
        Assert.Equal(prompt.Length - 1, Write(prompt).CachedTokens);                  // the last one tells what follows
        Assert.Equal(0, Write([7, .. prompt]).CachedTokens);
        cache.Clear();
        Assert.Empty(cache.Ids);

        GeneratedText Write(int[] ids) => model.GenerateAll([new(ids, TinyModel.Likeliest(8)) { Cache = cache }])[0];
    }

    [Fact]
    public void AnotherAdapterOrStrengthEmptiesIt() => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load();
        using var cache = new PromptCache(model);
        int[] prompt = [.. model.Prompt("the cat sat on the mat")];
        AssertRead(anew: true);
        AssertRead(anew: false);
        AddAdapter(model, "one");
        AssertRead(anew: true);
        AssertRead(anew: false);
        model.Adapters["one"].Strength = 0.5;
        AssertRead(anew: true);
        model.Adapters["one"].Active = false;
        AssertRead(anew: true);
        model.Adapters["one"].Active = true;
        AssertRead(anew: true);
        AssertRead(anew: true, "one");
        AssertRead(anew: false, "one");
        using (torch.no_grad()) model.Adapters["one"].Adapter.Trainable.First().add_(0.1);
        AssertRead(anew: true);
        model.Adapters.Merge("one");
        AssertRead(anew: true);
        AssertRead(anew: false);

        void AssertRead(bool anew, string? adapter = null)
        {
            var options = TinyModel.Likeliest(9) with { Adapter = adapter };
            var wanted = model.GenerateAll([new(prompt, options)])[0];
            var text = model.GenerateAll([new(prompt, options) { Cache = cache }])[0];
            Assert.Equal(wanted.Ids, text.Ids);
            Assert.Equal(anew ? 0 : prompt.Length - 1, text.CachedTokens);
        }
    });

    [Fact]
    public void WhatABlockOfAdaptersHasReadIsNotGoneOnFrom() => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load();
        using var cache = new PromptCache(model);
        int[] prompt = [.. model.Prompt("the cat sat on the mat")];
        AddAdapter(model, "a");
        AddAdapter(model, "b");
        foreach (var open in new Func<IDisposable>[]
        {
            () => model.Adapters.Using("a"), () => model.Adapters.Using("b"), () => model.Adapters.Using("b", 0.5),
            () => model.Adapters.Disabled(),
        })
        {
            AssertSame(() =>
            {
                using (open()) return (Written(null), Written(cache));
            });
            AssertSame(() => (Written(null), Written(cache)));
        }

        GeneratedText Written(PromptCache? kept) => model.GenerateAll([new(prompt, TinyModel.Likeliest(9)) { Cache = kept }])[0];

        static void AssertSame(Func<(GeneratedText, GeneratedText)> written)
        {
            var (wanted, text) = written();
            Assert.Equal(wanted.Ids, text.Ids);
            Assert.Equal(0, text.CachedTokens);
        }
    });

    [Fact]
    public void OneThatIsDisposedOfWhileItIsUsedIsFreedAfterwards() => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = TinyModel.Load();
        using var cache = new PromptCache(model);
        int[] prompt = [.. model.Prompt("the cat sat on the mat")];
        var wanted = model.GenerateAll([new(prompt, TinyModel.Likeliest(9))])[0];
        int held = 0;
        var listener = new Listener(() =>
        {
            cache.Dispose();
            held = cache.Ids.Count;
        });
        var request = new GenerationRequest(prompt, TinyModel.Likeliest(9)) { Cache = cache };
        Assert.Equal(wanted.Ids, model.GenerateAll([request], listener: listener)[0].Ids);
        Assert.InRange(held, prompt.Length, prompt.Length + 9);
        Assert.Empty(cache.Ids);
    });

    [Fact]
    public void AFaultAtItsBeginningGivesItBack() => LeakGuard.NoTensorLeaks(() =>
    {
        var model = TinyModel.Load();
        using var cache = new PromptCache(model);
        model.Dispose();
        Assert.ThrowsAny<Exception>(() => cache.Take(null));
        cache.Clear();
    });

    static void AddAdapter(LanguageModel model, string name)
    {
        model.Network.AddLora("q_proj,down_proj", rank: 3, alpha: 5, name: name);
        using var grad = torch.no_grad();
        foreach (var part in model.Adapters[name].Adapter.Trainable) part.normal_(0, 0.5);
    }

    [Fact]
    public async Task AnAnswerThatIsStoppedStaysAsFarAsItIsWritten()
    {
        using var model = TinyModel.Load();
        using var conversation = new OngoingConversation(model, options: TinyModel.Drawn(60, seed: 4));
        using var stop = new CancellationTokenSource();
        int pieces = 0;
        var listener = new Listener(() =>
        {
            if (++pieces == 20) stop.Cancel();
        });
        var answer = conversation.Answer("the cat", listener, stop.Token);
        Assert.Equal((FinishReason.Stopped, 20), (answer.Finish, answer.Ids.Count));
        Assert.Equal(answer.Text, conversation.Messages[^1].Content);
        conversation.Answer("abc", cancel: stop.Token);   // nothing is written to it
        Assert.Equal("the cat", conversation.Messages[^2].Content);
        var given = new System.Text.StringBuilder();
        await foreach (string piece in conversation.Stream("and the dog?", TestContext.Current.CancellationToken))
            if (given.Append(piece).Length > 5) break;
        Assert.Equal(given.ToString(), conversation.Messages[^1].Content);
    }

    [Fact]
    public void AConversationThatFillsTheContextIsToldSo()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var model = TinyModel.Load(context: 80);
        using var conversation = new OngoingConversation(model, options: TinyModel.Likeliest(200));
        Assert.Equal(FinishReason.ContextFull, conversation.Answer("the cat", cancel: cancel).Finish);
        var fault = Assert.Throws<LowrankException>(() => conversation.Answer("and the dog?", cancel: cancel));
        Assert.Contains("and the model takes 80", fault.Message);
        Assert.Equal(2, conversation.Messages.Count);
    }

    [Fact]
    public void WhatCannotBeKeptIsRefused()
    {
        using var model = TinyModel.Load();
        using var other = TinyModel.Load();
        using var cache = new PromptCache(model);
        var request = new GenerationRequest(model.Prompt("abc"), TinyModel.Likeliest(3)) { Cache = cache };
        AssertFault("2 texts are to be written at once", model, request, request);
        AssertFault("for another model", other, request);
        AssertFault("beams do not go together", model, request with { Options = request.Options with { Beams = new(2) } });
        var nested = new Listener(() => AssertFault("is in use", model, request));
        model.GenerateAll([request], listener: nested, cancel: TestContext.Current.CancellationToken);

        static void AssertFault(string wanted, LanguageModel model, params GenerationRequest[] requests) =>
            Assert.Contains(wanted, Assert.Throws<LowrankException>(() => model.GenerateAll(requests)).Message);
    }

    sealed class Listener(Action tell) : IProgress<GeneratedPiece>
    {
        public void Report(GeneratedPiece value) => tell();
    }
}
