namespace Lowrank.Models;

/// <summary>A language model that tells what comes next: a body and a head over the vocabulary.</summary>
/// <example><code>
/// var output = model.Run(new(ids));
/// var logits = model.Logits(output.Hidden.narrow(1, ids.shape[1] - 1, 1));   // of the last token alone
/// </code></example>
public sealed class CausalModel : LanguageNetwork
{
    readonly Decoder body;
    readonly Linear head;

    internal CausalModel(string name, LanguageConfig config, Decoder body, HeadNames names, Storage? storage) : base(name, config)
    {
        this.body = body;
        body.Dtype = DtypeFor(storage);
        head = config.TiesHead ? new Linear(body.Tokens)
            : new Linear(body.Tokens.Weight.Shape[1], config.VocabularySize, names.HasBias, storage);
        ModuleHolder.Register(this, names.Body, body);
        register_module(names.Head, head);
        if (config.TiesHead)
            SharedNames = new Dictionary<string, string> { [$"{names.Head}.weight"] = $"{names.Body}.{body.TokensPath}.weight" };
    }

    internal override IReadOnlyDictionary<string, string> SharedNames { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override ScalarType Dtype
    {
        get => body.Dtype;
        set => body.Dtype = value;
    }

    /// <inheritdoc/>
    public override bool GradientCheckpointing
    {
        get => body.GradientCheckpointing;
        set => body.GradientCheckpointing = value;
    }

    /// <summary>The table of tokens.</summary>
    public Embedding Tokens => body.Tokens;

    /// <summary>The vectors (B, T, C) of an input's tokens, as they may be given in their place
    /// (<see cref="LanguageInput.Embeddings"/>).</summary>
    public Tensor Vectors(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LayerScope.Run(this, () => body.Vectors(input));
    }

    /// <summary>An empty cache for a batch of rows.</summary>
    public KeyValueCache NewCache() => KeyValueCache.Empty(body.Windows);

    /// <summary>The hidden states of an input. Logits are made of those that count, by <see cref="Logits"/>.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public LanguageOutput Run(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LayerScope.Run(this, () =>
        {
            using var prompted = Prompted(input, body.Vectors);
            var output = body.Run(prompted.Input);
            return output with { Hidden = prompted.Own(output.Hidden) };
        }, LanguageOutput.MoveOut);
    }

    /// <summary>Logits (..., vocabulary) of hidden states (..., C), in the dtype that is computed in.</summary>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return LayerScope.Run(this, () =>
        {
            var logits = head.call(hidden);
            if (Config.LogitScale != 1) logits = logits * Config.LogitScale;
            return Config.LogitSoftCap is { } cap ? (logits / cap).tanh() * cap : logits;
        });
    }
}
