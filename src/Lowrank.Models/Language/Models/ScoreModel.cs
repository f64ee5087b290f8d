namespace Lowrank.Models;

/// <summary>A classifier of rows over the body of a causal model: its head <c>score</c> reads the last token that is no pad.</summary>
public sealed class ScoreModel : LanguageNetwork
{
    readonly Decoder body;
    readonly Linear score;

    internal ScoreModel(string name, LanguageConfig config, Decoder body, string bodyName, Storage? storage) : base(name, config)
    {
        this.body = body;
        body.Dtype = DtypeFor(storage);
        PadId = config.PadId;
        score = new Linear(body.Tokens.Weight.Shape[1], config.Labels.Count, bias: false, storage);
        ModuleHolder.Register(this, bodyName, body);
        register_module("score", score);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> HeadPaths => ["score"];

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

    /// <summary>The id of pads; null where there is none, and rows come one at a time.</summary>
    public int? PadId { get; set; }

    /// <summary>The hidden states of an input.</summary>
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

    /// <summary>Scores (B, labels) of rows.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    /// <exception cref="LowrankException">Several rows without a pad id.</exception>
    public Tensor Scores(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return LayerScope.Run(this, () => Scores(Run(input).Hidden, input.Ids));
    }

    /// <summary>Scores (B, labels) of hidden states (B, T, C) of rows.</summary>
    /// <param name="hidden">After the final norm.</param>
    /// <param name="ids">Of which tokens, (B, T).</param>
    /// <exception cref="LowrankException">Several rows without a pad id.</exception>
    public Tensor Scores(Tensor hidden, Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(ids);
        return LayerScope.Run(this, () => score.call(Pooling.Last(hidden, RealTokens(ids))));
    }

    // The ids alone are asked, no mask: a real last token that equals the pad is passed over. A row of pads is read at its first.
    Tensor? RealTokens(Tensor ids)
    {
        if (PadId is { } pad) return ids.ne(pad);
        long rows = ids.shape[0];
        return rows == 1 ? null : throw new LowrankException($"{rows} rows were given, and without a pad id nobody knows where each " +
            "ends. Set pad_token_id in config.json (PadId here), or give one row at a time.");
    }
}
