using System.Text.Json;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;
using AiOptions = Microsoft.Extensions.AI.ChatOptions;

namespace Lowrank.Language.Tests;

public class LanguageChatClientTests
{
    static readonly AiMessage[] question = [new(ChatRole.User, "the cat")];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAnswerIsWhatTheModelWritesBehindItsTemplate()
    {
        using var model = TinyModel.Load();
        using var client = new LanguageChatClient(model);
        var options = new AiOptions { Temperature = 1, Seed = 5, MaxOutputTokens = 30, Instructions = "abc" };
        var answer = await client.GetResponseAsync(question, options, Cancel);
        var alone = model.Generate(model.Chat("the cat", "abc"), new GenerationOptions { Seed = 5 }.AtMost(30).Sampled(), Cancel);
        Assert.Equal(alone.Text, answer.Text);
        Assert.Equal(alone.Ids.Count, answer.Usage!.OutputTokenCount);
        Assert.Equal(alone.Finish == FinishReason.MaxTokens ? ChatFinishReason.Length : ChatFinishReason.Stop, answer.FinishReason);
    }

    [Fact]
    public async Task UpdatesJoinedAreTheAnswer()
    {
        using var model = TinyModel.Load();
        using var client = new LanguageChatClient(model, TinyModel.Drawn(40, seed: 8));
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(question, cancellationToken: Cancel)) updates.Add(update);
        Assert.True(updates.Count > 2);
        Assert.Equal((await client.GetResponseAsync(question, cancellationToken: Cancel)).Text, updates.ToChatResponse().Text);
    }

    [Fact]
    public async Task OfTheNextTurnOnlyTheNewTokensAreRead()
    {
        using var model = TinyModel.Load();
        using var client = new LanguageChatClient(model, TinyModel.Drawn(20, seed: 8));
        var first = await client.GetResponseAsync(question, cancellationToken: Cancel);
        AiMessage[] both = [.. question, .. first.Messages, new(ChatRole.User, "abc")];
        var kept = await client.GetResponseAsync(both, cancellationToken: Cancel);
        using var fresh = new LanguageChatClient(model, TinyModel.Drawn(20, seed: 8));
        var anew = await fresh.GetResponseAsync(both, cancellationToken: Cancel);
        Assert.Equal(anew.Text, kept.Text);
        Assert.Equal(0, anew.Usage!.CachedInputTokenCount);
        Assert.InRange(kept.Usage!.CachedInputTokenCount!.Value, first.Usage!.InputTokenCount!.Value, kept.Usage.InputTokenCount!.Value - 1);
    }

    [Fact]
    public async Task AFolderIsCalledByItsWholeName()
    {
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder["tiny-1.7B"]);
        using var model = LanguageModel.Load(folder["tiny-1.7B"]);
        using var client = new LanguageChatClient(model, TinyModel.Likeliest(3));
        await client.GetResponseAsync(question, new() { ModelId = "tiny-1.7B" }, Cancel);
        await Assert.ThrowsAsync<LowrankException>(() => client.GetResponseAsync(question, new() { ModelId = "tiny-1" }, Cancel));
    }

    [Fact]
    public async Task AModelsNameChoosesAnAdapter()
    {
        using var model = TinyModel.Load();
        model.Network.AddLora("q_proj,down_proj", rank: 3, name: "nice");
        using (TorchSharp.torch.no_grad())
            foreach (var part in model.Adapters["nice"].Adapter.Trainable) part.normal_(0, 0.5);
        using var client = new LanguageChatClient(model, TinyModel.Likeliest(12));
        string with = (await client.GetResponseAsync(question, new() { ModelId = "nice" }, Cancel)).Text;
        model.Adapters.SetActive();
        Assert.NotEqual((await client.GetResponseAsync(question, cancellationToken: Cancel)).Text, with);
        await Assert.ThrowsAsync<LowrankException>(() => client.GetResponseAsync(question, new() { ModelId = "other" }, Cancel));
    }

    [Fact]
    public async Task WhatCannotBeHeededIsAnError()
    {
        using var model = TinyModel.Load();
        using var client = new LanguageChatClient(model);
        var tools = new AiOptions { Tools = [AIFunctionFactory.CreateDeclaration("f", "", JsonDocument.Parse("{}").RootElement)] };
        var fault = await Assert.ThrowsAsync<LowrankException>(() => client.GetResponseAsync(question, tools, Cancel));
        Assert.Contains("Tools of a call cannot be heeded", fault.Message);
        AiOptions[] others =
        [
            new() { ToolMode = ChatToolMode.RequireSpecific("f") }, new() { ConversationId = "c" }, new() { Reasoning = new() },
            new() { RawRepresentationFactory = _ => "raw" }, new() { AdditionalProperties = new() { ["min_p"] = 0.1 } },
        ];
        foreach (var one in others)
            Assert.Contains("of a call cannot be heeded here", (await Assert.ThrowsAsync<LowrankException>(() => client.GetResponseAsync(question, one, Cancel))).Message);
        Assert.Contains("the temperature is -1", (await Assert.ThrowsAsync<LowrankException>(() => client.GetResponseAsync(question, new() { Temperature = -1 }, Cancel))).Message);
        AiMessage picture = new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")]);
        fault = await Assert.ThrowsAsync<LowrankException>(() => client.GetResponseAsync([picture], cancellationToken: Cancel));
        Assert.Contains("DataContent", fault.Message);
    }

    [Fact]
    public async Task WhatOfASchemaIsHeldLessStrictlyStandsInTheAnswer()
    {
        using var model = TinyModel.Load();
        using var client = new LanguageChatClient(model, model.Defaults.AtMost(4));
        static AiOptions Held(string schema) => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(schema).RootElement) };
        var strict = await client.GetResponseAsync(question, Held("""{"type": "boolean"}"""), Cancel);
        Assert.Null(strict.Messages[0].AdditionalProperties);
        var less = await client.GetResponseAsync(question, Held("""{"oneOf": [{"type": "boolean"}, {"const": 1}]}"""), Cancel);
        Assert.Contains("\"oneOf\" is held as \"anyOf\"", Assert.Single(Assert.IsType<List<string>>(less.Messages[0].AdditionalProperties!["notes"])));
    }

    [Fact]
    public async Task WhoStopsListeningStopsTheWriting()
    {
        using var model = TinyModel.Load();
        using var client = new LanguageChatClient(model, TinyModel.Drawn(1500, seed: 8));
        await foreach (var _ in client.GetStreamingResponseAsync(question, cancellationToken: Cancel)) break;
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.GetStreamingResponseAsync(question, cancellationToken: stop.Token)) await stop.CancelAsync();
        });
    }
}
