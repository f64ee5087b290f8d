namespace Lowrank.Training;

/// <summary>Each different caption, encoded once: for runs that leave the text encoder alone.</summary>
public sealed class TextCache : IDisposable
{
    readonly Dictionary<string, TextConditioning> texts = [];

    TextCache() { }

    /// <summary>Encodes every different caption.</summary>
    /// <param name="model">Whose text encoders encode.</param>
    /// <param name="captions">The captions; repeated ones are encoded once.</param>
    /// <param name="clipSkip">Layers from the encoder's end.</param>
    /// <param name="pieces">Pieces of 75 tokens that each is encoded in.</param>
    /// <param name="kept">Where encoded captions of earlier runs are, or null.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Looked at between captions.</param>
    public static TextCache Encode(
        StableDiffusion model, IEnumerable<string> captions, int clipSkip, int pieces, EncodingCache? kept, Action<int, int> progress,
        CancellationToken cancel)
    {
        var cache = new TextCache();
        try
        {
            using var grad = no_grad();
            var different = captions.Distinct().ToList();
            string[] facts = kept is null ? [] : FactsOf(model, clipSkip, pieces);
            foreach (var caption in different)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var tensors = kept is null ? Encode(model, caption, clipSkip, pieces)
                    : kept.Keep("text", [caption, .. facts], () => Encode(model, caption, clipSkip, pieces));
                var pooled = tensors.TryGetValue("pooled", out var found) ? scope.Detach(found) : null;
                cache.texts[caption] = new(scope.Detach(tensors["context"]), pooled);
                progress(cache.texts.Count, different.Count);
            }
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    // What encoded captions depend on beside the caption.
    static string[] FactsOf(StableDiffusion model, int clipSkip, int pieces)
    {
        var dtype = model.TextEncoder.parameters().First().dtype;
        return [$"{clipSkip} {pieces} {dtype}", EncodingCache.HashOf(model, "tokenizer", "text_encoder", "tokenizer_2", "text_encoder_2")];
    }

    static Dictionary<string, Tensor> Encode(StableDiffusion model, string caption, int clipSkip, int pieces)
    {
        var text = PromptEncoder.Encode(model, [caption], clipSkip, pieces: pieces);
        var tensors = new Dictionary<string, Tensor> { ["context"] = text.Context };
        if (text.Pooled is { } pooled) tensors["pooled"] = pooled;
        return tensors;
    }

    /// <summary>The encodings of some captions, as one batch.</summary>
    public TextConditioning Of(IReadOnlyList<string> captions) => new(
        cat([.. captions.Select(c => texts[c].Context)]),
        texts[captions[0]].Pooled is null ? null : cat([.. captions.Select(c => texts[c].Pooled!)]));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var text in texts.Values)
        {
            text.Context.Dispose();
            text.Pooled?.Dispose();
        }
    }
}
