using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// How a program makes of a prompt's text what a denoising network is conditioned on: which words weigh how much, where a long text is
/// divided into chunks, which state of the encoder counts and how a weight changes it.
/// </summary>
/// <remarks>
/// SD 1 and 2 take a state after the final norm (SD 2's encoder comes without its last layer). XL joins the last state but one of both
/// encoders, without norm, and adds the second one's projected pooled state; its refiner has the second one alone.
/// </remarks>
public abstract record PromptEncoding
{
    /// <summary>Every character counts alike, as in diffusers.</summary>
    public static PromptEncoding Plain { get; } = new PlainEncoding();

    /// <summary>AUTOMATIC1111's, with its usual settings.</summary>
    public static PromptEncoding WebUi { get; } = new WebUiEncoding();

    /// <summary>ComfyUI's.</summary>
    public static PromptEncoding Comfy { get; } = new ComfyEncoding();

    /// <summary>The field of pictures' texts that tells how prompts were read.</summary>
    public const string Field = "Prompt syntax";

    /// <summary>What texts of pictures say of it; nothing of plain words.</summary>
    public virtual IEnumerable<KeyValuePair<string, string>> InfoFields => [];

    /// <summary>Whether all texts of a request get as many chunks as the longest, so that they go through the network together.</summary>
    public abstract bool PadsRequest { get; }

    /// <summary>A text in chunks.</summary>
    /// <exception cref="LowrankException">A weight cannot be read.</exception>
    public abstract ChunkedPrompt Chunks(ClipTokenizer tokenizer, string text);

    /// <summary>The state that this program takes of an encoder.</summary>
    /// <param name="family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
    /// <param name="layers">The encoder's layers.</param>
    /// <param name="clipSkip">What the request says; null is the program's own choice.</param>
    /// <exception cref="LowrankException">The encoder has no such layer.</exception>
    public abstract EncoderState State(string family, int layers, int? clipSkip);

    /// <summary>Which layer from the end a clip skip names: the last where none is given.</summary>
    /// <exception cref="LowrankException">The encoder has no such layer.</exception>
    private protected static int Skipped(int layers, int? clipSkip)
    {
        int skip = clipSkip ?? 1;
        bool isThere = skip >= 1 && skip <= layers;
        return isThere ? skip : throw new LowrankException($"`clip skip` is {skip} (1 to {layers}; 1 is the last layer).");
    }

    /// <summary>Why no layer is read at a number, as <see cref="State"/> says it; null where one is.</summary>
    internal string? WhyNotSkip(string family, int layers, int? clipSkip)
    {
        try
        {
            State(family, layers, clipSkip);
            return null;
        }
        catch (LowrankException fault)
        {
            return fault.Message.TrimEnd('.');
        }
    }

    /// <summary>Whether a model's encoder is read at another layer with <paramref name="clipSkip"/> than without it.</summary>
    /// <exception cref="LowrankException">The encoder has no such layer.</exception>
    public bool Heeds(StableDiffusion model, int clipSkip)
    {
        int layers = model.TextEncoder.Config.Layers;
        return State(model.Family, layers, clipSkip) != State(model.Family, layers, null);
    }

    /// <summary>What of a text is not used, and why, a sentence each; as a rule nothing.</summary>
    public virtual IEnumerable<string> Remarks(ClipTokenizer tokenizer, string text) => [];

    /// <summary>Signs of a text that mean something to other programs and are plain words to this one.</summary>
    public abstract IEnumerable<string> PlainSigns(string text);

    /// <summary>Whether a request's negative prompt is not encoded but zeros: with XL, where there is none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="negative">The negative prompt; null where none was given.</param>
    public abstract bool TakesZeros(StableDiffusion model, string? negative);

    /// <summary>Texts (B, T, C) of unequal length brought to one, for one batch.</summary>
    /// <exception cref="LowrankException">Their lengths do not go together.</exception>
    public virtual IReadOnlyList<Tensor> Evened(IReadOnlyList<Tensor> contexts) =>
        ContextLengths.TryRepeat(contexts, out var repeated) ? repeated : throw new LowrankException(
            $"Prompts of {string.Join(" and ", contexts.Select(context => context.shape[1]).Distinct())} tokens make no batch. " +
            "Draw them one by one, or shorten the longest.");

    /// <summary>Weighs the states (B, T, C) of one chunk of each text.</summary>
    /// <param name="states">The states.</param>
    /// <param name="weights">(B, T), or null where all are 1.</param>
    /// <param name="empty">The states (T, C) of a chunk of no words; computed when asked for.</param>
    protected abstract Tensor Weigh(Tensor states, Tensor? weights, Func<Tensor> empty);

    /// <summary>Encodes texts of one prompt together, each padded with empty chunks to the longest.</summary>
    /// <param name="model">The model whose encoders are asked.</param>
    /// <param name="texts">One per row.</param>
    /// <param name="clipSkip">How many layers from its end the encoder is read, 1 being the last; null is the program's own choice.</param>
    /// <param name="secondTexts">For XL's second encoder; null means the same.</param>
    /// <param name="device">Where the encoders lie; null means the CPU.</param>
    /// <param name="chunks">The fewest chunks that each text gets.</param>
    /// <returns>Context (B, 77·chunks, C): tensors of the caller's scope, in the encoders' dtype.</returns>
    /// <exception cref="LowrankException">A weight cannot be read, clipSkip is out of range, or the numbers of texts differ.</exception>
    public TextConditioning Encode(
        StableDiffusion model,
        IReadOnlyList<string> texts,
        int? clipSkip = null,
        IReadOnlyList<string>? secondTexts = null,
        Device? device = null,
        int chunks = 1)
    {
        if (secondTexts is not null && secondTexts.Count != texts.Count)
            throw new LowrankException(
                $"{texts.Count} prompts and {secondTexts.Count} second prompts were given; the numbers must be equal.");
        using var scope = NewDisposeScope();
        int fewest = Math.Max(chunks, ChunksOf(model, texts, secondTexts));
        var state = State(model.Family, model.TextEncoder.Config.Layers, clipSkip);
        var first = Encode(model.TextEncoder, model.Tokenizer, texts, state, device, fewest);
        if (model.TextEncoder2 is not { } second)
            return new(scope.MoveToOuter(first.States), model.UNetConfig.AddedInputWidth is null ? null : scope.MoveToOuter(first.Pooled));
        var secondState = State(model.Family, second.Config.Layers, clipSkip);
        var last = Encode(second, model.Tokenizer2!, secondTexts ?? texts, secondState, device, fewest);
        return new(scope.MoveToOuter(cat([first.States, last.States], -1)), scope.MoveToOuter(last.Pooled));
    }

    /// <summary>Chunks of the longest of some texts, by either tokenizer.</summary>
    public int ChunksOf(StableDiffusion model, IReadOnlyList<string> texts, IReadOnlyList<string>? secondTexts = null)
    {
        int first = texts.Select(text => Chunks(model.Tokenizer, text).Chunks.Count).DefaultIfEmpty(1).Max();
        if (model.Tokenizer2 is not { } second) return first;
        return Math.Max(first, (secondTexts ?? texts).Select(text => Chunks(second, text).Chunks.Count).DefaultIfEmpty(1).Max());
    }

    /// <summary>The same by one encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="texts">One per row.</param>
    /// <param name="state">The state that counts.</param>
    /// <param name="device">Where the encoder lies; null means the CPU.</param>
    /// <param name="chunks">The fewest chunks that each text gets.</param>
    public EncodedText Encode(
        ClipTextModel encoder,
        ClipTokenizer tokenizer,
        IReadOnlyList<string> texts,
        EncoderState state,
        Device? device = null,
        int chunks = 1)
    {
        using var scope = NewDisposeScope();
        Tensor? nothing = null;
        string[] distinct = [.. texts.Distinct()];
        IReadOnlyList<TokenChunk>[] rows = [.. distinct.Select(text => Chunks(tokenizer, text).Chunks)];
        int count = Math.Max(chunks, rows.Max(row => row.Count));
        // Each text is encoded once, and weighed as often as it is said.
        device ??= CPU;
        var kept = new KeptEncodings(encoder, state, device);
        var said = tensor(texts.Select(text => (long)Array.IndexOf(distinct, text)).ToArray(), device: device);
        var states = new List<Tensor>();
        Tensor? pooled = null;
        for (int i = 0; i < count; i++)
        {
            TokenChunk[] batch = [.. rows.Select(row => i < row.Count ? row[i] : TokenChunk.Empty(tokenizer))];
            var encoded = kept.Of(batch);
            pooled ??= encoded.Pooled;
            var weights = Weights(batch, encoded.Pooled)?.index_select(0, said);
            states.Add(Weigh(encoded.States.index_select(0, said), weights, Empty));
        }
        return new(scope.MoveToOuter(cat(states, 1)), scope.MoveToOuter(pooled!.index_select(0, said)));

        Tensor Empty() => nothing ??= kept.Of([TokenChunk.Empty(tokenizer)]).States[0];
    }

    static Tensor? Weights(TokenChunk[] batch, Tensor like)
    {
        double[] weights = [.. batch.SelectMany(chunk => chunk.Weights)];
        return weights.All(weight => weight == 1) ? null : tensor(weights, like.dtype, like.device).view(batch.Length, -1);
    }
}
