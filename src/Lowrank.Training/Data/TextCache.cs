namespace Lowrank.Training;

/// <summary>Each different caption, encoded once: for runs that leave the text encoder alone.</summary>
public sealed class TextCache : IDisposable
{
    readonly Dictionary<string, TextConditioning> texts = [];

    /// <summary>Encodes every different caption.</summary>
    public TextCache(StableDiffusion model, IEnumerable<string> captions, int clipSkip, Action<int, int> progress, CancellationToken cancel)
    {
        using var grad = no_grad();
        var different = captions.Distinct().ToList();
        foreach (var caption in different)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var text = PromptEncoder.Encode(model, [caption], clipSkip);
            texts[caption] = new(text.Context.DetachFromDisposeScope(), text.Pooled?.DetachFromDisposeScope());
            progress(texts.Count, different.Count);
        }
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
