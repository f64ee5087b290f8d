using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;
using AiOptions = Microsoft.Extensions.AI.ChatOptions;

namespace Lowrank.Language;

/// <summary>A language model as .NET's programs speak with any: an <see cref="IChatClient"/>.</summary>
/// <remarks>
/// The model that a call names chooses an adapter, as servers have it: its name on the model, or nothing for those that are switched on.
/// What a call asks for and cannot be had (tools, pictures) is an error, never left out; what of a schema is held less strictly stands
/// among the <see cref="AiMessage.AdditionalProperties"/> of the answer as "notes". What was read of the last conversation is kept, so
/// that of its next turn only the new tokens are read (<see cref="PromptCache"/>); calls that come at the same time read everything.
/// </remarks>
/// <param name="model">The model, which has a chat template; it stays the caller's.</param>
/// <param name="usual">How it writes where a call does not say; null for the model's own way.</param>
/// <example><code>
/// using IChatClient client = new LanguageChatClient(model);
/// Console.WriteLine(await client.GetResponseAsync("Tell me a story."));
/// </code></example>
public sealed class LanguageChatClient(LanguageModel model, GenerationOptions? usual = null) : IChatClient
{
    // What was heeded less strictly than a call asked, among the properties of the answer.
    const string NotesName = "notes";

    PromptCache? idle = new(model);
    volatile bool isDisposed;

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<AiMessage> messages, AiOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            updates.Add(update);
        return updates.ToChatResponse();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AiMessage> messages, AiOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var prompt = model.Prompt(ClientMessages.Conversation(messages, options?.Instructions));
        var notes = new List<string>();
        var request = new GenerationRequest(prompt, ClientOptions.Of(options, usual ?? model.Defaults, model, notes));
        if (request.Options.Beams is null) request = request with { Cache = Interlocked.Exchange(ref idle, null) };
        string id = Guid.NewGuid().ToString("n");
        try
        {
            await foreach (var piece in GenerationStream.Run(model, request, cancellationToken).ConfigureAwait(false))
            {
                if (piece.Text.Length > 0) yield return Update(new TextContent(piece.Text));
                if (piece.End is { } end) yield return Last(end);
            }
        }
        finally
        {
            if (request.Cache is { } cache) GiveBack(cache);
        }

        ChatResponseUpdate Last(GeneratedText end)
        {
            var last = Update(new UsageContent(Usage(end)));
            bool isWhole = end.Finish is FinishReason.EndToken or FinishReason.StopString;
            last.FinishReason = isWhole ? ChatFinishReason.Stop : ChatFinishReason.Length;
            if (notes.Count > 0) last.AdditionalProperties = new() { [NotesName] = notes };
            return last;
        }

        ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content])
        {
            ResponseId = id, MessageId = id, ModelId = options?.ModelId ?? model.Location, CreatedAt = DateTimeOffset.UtcNow,
        };
    }

    static UsageDetails Usage(GeneratedText text) => new()
    {
        InputTokenCount = text.PromptTokens, CachedInputTokenCount = text.CachedTokens, OutputTokenCount = text.Ids.Count,
        TotalTokenCount = text.PromptTokens + text.Ids.Count,
    };

    void GiveBack(PromptCache cache)
    {
        Volatile.Write(ref idle, cache);
        if (isDisposed) Free();
    }

    void Free() => Interlocked.Exchange(ref idle, null)?.Dispose();

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType.IsInstanceOfType(this)) return this;
        if (serviceType.IsInstanceOfType(model)) return model;
        return serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("lowrank", null, model.Location) : null;
    }

    /// <summary>Frees what was kept; the model is the caller's.</summary>
    public void Dispose()
    {
        isDisposed = true;
        Free();
    }
}
