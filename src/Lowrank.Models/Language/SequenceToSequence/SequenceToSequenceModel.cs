namespace Lowrank.Models;

/// <summary>A model that answers rows with rows: an encoder, a decoder that looks back at its states, and a head over the
/// vocabulary. <see cref="TokenLoss"/> is its loss.</summary>
/// <example><code>
/// using var memory = model.Encode(new(ids) { Mask = mask });
/// var output = model.Decode(new(model.DecoderIds(labels)), memory);
/// var loss = TokenLoss.Of(model.Logits(output.Hidden), labels);
/// </code></example>
public sealed class SequenceToSequenceModel : LanguageNetwork
{
    readonly T5Config config;
    readonly Embedding shared;
    readonly T5Stack encoder, decoder;
    readonly Linear lm_head;

    internal SequenceToSequenceModel(string name, T5Config config, Storage? storage) : base(name, config)
    {
        this.config = config;
        Dtype = DtypeFor(storage);
        shared = new Embedding(config.VocabularySize, config.HiddenSize, storage);
        encoder = new T5Stack(config, false, storage);
        decoder = new T5Stack(config, true, storage);
        lm_head = config.TiesHead ? new Linear(shared) : new Linear(config.HiddenSize, config.VocabularySize, false, storage);
        register_module("shared", shared);
        register_module("encoder", encoder);
        register_module("decoder", decoder);
        register_module("lm_head", lm_head);
        var copies = new Dictionary<string, string>
        {
            ["encoder.embed_tokens.weight"] = "shared.weight",
            ["decoder.embed_tokens.weight"] = "shared.weight",
        };
        if (config.TiesHead) copies["lm_head.weight"] = "shared.weight";
        SharedNames = copies;
    }

    internal override IReadOnlyDictionary<string, string> SharedNames { get; }

    /// <inheritdoc/>
    public override ScalarType Dtype { get; set; }

    /// <inheritdoc/>
    public override bool GradientCheckpointing
    {
        get => encoder.GradientCheckpointing;
        set => encoder.GradientCheckpointing = decoder.GradientCheckpointing = value;
    }

    /// <summary>The table of tokens, which encoder and decoder share.</summary>
    public Embedding Tokens => shared;

    /// <summary>An empty cache for the decoder, for a batch of rows.</summary>
    public KeyValueCache NewCache() => KeyValueCache.Empty(new int?[config.DecoderLayers]);

    /// <summary>The encoder's states of rows, for the decoder to look back at. Free it when the answers are done.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public SequenceMemory Encode(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        using var prompted = PromptedInput.Of(input, Virtual(isPrefix: false), Vectors, PromptShape.Layers);
        return new(Encoded(prompted.Input).Hidden, prompted.Input.Mask);
    }

    /// <summary>The encoder's states of rows, and where asked for those of its layers.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public LanguageOutput States(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LayerScope.Run(this, () =>
        {
            using var prompted = PromptedInput.Of(input, Virtual(isPrefix: false), Vectors, PromptShape.Layers);
            var output = Encoded(prompted.Input);
            return output with { Hidden = prompted.Own(output.Hidden) };
        }, LanguageOutput.MoveOut);
    }

    LanguageOutput Encoded(LanguageInput input)
    {
        InputShapes.Check(input);
        return LayerScope.Run(this, () => encoder.Run(input, Vectors(input)), LanguageOutput.MoveOut);
    }

    /// <inheritdoc/>
    public override PromptShape PromptShape => new(config.HiddenSize, config.DecoderLayers, config.Heads, config.HeadDim);

    // A prompt stands before what is read, a prefix before what is written.
    VirtualTokens? Virtual(bool isPrefix) => Prompts?.Now() is { } virtuals && virtuals.Embeddings is null == isPrefix ? virtuals : null;

    /// <summary>The decoder's states of answers.</summary>
    /// <param name="input">The answers so far, which begin with <see cref="StartId"/>; with a cache the new tokens alone.</param>
    /// <param name="memory">What <see cref="Encode"/> gave for the questions.</param>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public LanguageOutput Decode(LanguageInput input, SequenceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(memory);
        if (input.Ids.shape[0] != memory.Hidden.shape[0])
            throw new ShapeException($"{input.Ids.shape[0]} answers do not fit a memory of {memory.Hidden.shape[0]} rows");
        return LayerScope.Run(this, () =>
        {
            using var prompted = PromptedInput.Of(input, Virtual(isPrefix: true), Vectors, PromptShape.Layers);
            InputShapes.Check(prompted.Input);
            return decoder.Run(prompted.Input, Vectors(prompted.Input), memory);
        }, LanguageOutput.MoveOut);
    }

    Tensor Vectors(LanguageInput input) => input.Embeddings?.to(Dtype) ?? shared.call(input.Ids).to(Dtype);

    /// <summary>Logits (..., vocabulary) of the decoder's states (..., C), in the dtype that is computed in.</summary>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return LayerScope.Run(this, () => lm_head.call(config.ScalesOutput ? hidden / Math.Sqrt(config.HiddenSize) : hidden));
    }

    /// <summary>The id that answers begin with.</summary>
    public int StartId => config.StartId;

    /// <summary>What the decoder is given to learn labels: one place later, behind <see cref="StartId"/>.</summary>
    /// <param name="labels">(B, T), int64; <see cref="TokenLoss.Ignored"/> becomes the pad.</param>
    public Tensor DecoderIds(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        var (batch, tokens) = labels.shape;
        var start = full([batch, 1], StartId, ScalarType.Int64, labels.device);
        var ids = cat([start, labels.narrow(1, 0, tokens - 1)], 1);
        return scope.MoveToOuter(ids.masked_fill(ids.eq(TokenLoss.Ignored), config.PadId ?? 0));
    }

    /// <summary>Rows of the tables of distances, for tests.</summary>
    internal (T5Distances Encoder, T5Distances Decoder) Distances => (encoder.Distances, decoder.Distances);
}
