namespace Lowrank.Adapters;

/// <summary>LyCORIS's and PEFT's dropouts over any additive method, while training. Files do not tell of them.</summary>
/// <remarks>Source: LyCORIS 4.1.3 (rank_dropout, rank_dropout_scale, dropout, bypass_mode), PEFT 0.21.2 (lora_dropout).</remarks>
public sealed class Dropouts : AdditiveReparameterization
{
    readonly MethodOptions options;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">Whose change is dropped from.</param>
    /// <param name="options">Shares and style; kohya's style is a LoRA's own.</param>
    public Dropouts(AdditiveReparameterization inner, MethodOptions options) : base(inner.Method, inner.Target)
    {
        (Inner, this.options) = (inner, options);
        register_module("inner", inner);
    }

    /// <summary>Whose change is dropped from.</summary>
    public AdditiveReparameterization Inner { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => Inner.Parts;

    /// <inheritdoc/>
    public override MethodOptions? Settings => Inner.Settings;

    /// <inheritdoc/>
    public override bool AdaptsBias => Inner.AdaptsBias;

    /// <inheritdoc/>
    public override bool BiasTakesWeight => Inner.BiasTakesWeight;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) => Inner.ApplyBias(bias, strength);

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) => Inner.ApplyBias(bias, weight, strength);

    /// <inheritdoc/>
    public override bool NeedsWeight => Inner.NeedsWeight;

    bool Bypasses => options.DropoutStyle is DropoutStyle.LycorisBypass or DropoutStyle.Peft;

    internal bool Drops => training && (options.RankDropout > 0 && options.DropoutStyle != DropoutStyle.Peft || options.Dropout > 0 && Bypasses);

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var delta = Inner.Delta(weight);
        bool drops = training && options.RankDropout > 0 && options.DropoutStyle switch
        {
            DropoutStyle.Lycoris => Inner.Method.RowsDropWhenBuilt,
            DropoutStyle.LycorisBypass => Inner.Method.RowsDropInBypass,
            _ => false,
        };
        return drops ? delta * Rows(Target.Out, options, delta) : delta;
    }

    /// <inheritdoc/>
    protected override Tensor Added(Tensor weight, double strength) => Drops ? base.Added(weight, strength) : Inner.Apply(weight, strength);

    internal override Tensor ApplyOver(Tensor matrix, double strength) => Drops ? base.ApplyOver(matrix, strength) : Inner.ApplyOver(matrix, strength);

    /// <summary>A column of ones and zeros, one for each row; with rank_dropout_scale divided by their mean.</summary>
    internal static Tensor Rows(long count, MethodOptions options, Tensor like)
    {
        var kept = (rand(count, device: like.device) > options.RankDropout).to(like.dtype);
        return (options.RankDropoutScale ? kept / kept.mean() : kept).unsqueeze(1);
    }

    /// <inheritdoc/>
    public override bool HasBranch => Bypasses || !Drops && Inner.HasBranch;

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight) => Inner.ChangeNorm(weight);

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread) => Inner.Shrink(ratio, spread);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!Drops) return Inner.Forward(x, layer, strength);
        return HasBranch ? layer.Run(x).add_(Branch(x, layer, strength)) : base.Forward(x, layer, strength);
    }

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        if (!Drops && Inner.HasBranch) return Inner.Branch(x, layer, strength);
        double share = Drops ? options.Dropout : 0;
        if (options.DropoutStyle == DropoutStyle.Peft)
        {
            // An embedding's ids cannot be dropped from, and PEFT leaves them whole.
            var seen = share > 0 && x.is_floating_point() ? nn.functional.dropout(x, share, training: true) : x;
            return Inner.HasBranch ? Inner.Branch(seen, layer, strength) : Beside(seen, layer, strength);
        }
        if (Drops && Inner.Bypassed(x, layer, strength, options) is { } bypassed) return bypassed;
        var added = Beside(x, layer, strength);
        return share > 0 ? nn.functional.dropout(added, share, training: true) : added;
    }

    // The layer run with the change alone.
    Tensor Beside(Tensor x, IAdaptable layer, double strength)
    {
        var dtype = x.is_floating_point() ? x.dtype : layer.Weight.Dtype;
        var delta = Delta(Wide(Target.ToMatrix(layer.Weight.Dense())));
        return layer.Run(x, Target.FromMatrix(delta * strength).to(dtype), null);
    }

    /// <summary>The options with the style that nobody chose: the method's, or LyCORIS's where DoRA builds the weight.</summary>
    internal static MethodOptions Resolved(MethodDescriptor method, MethodOptions options) => options.DropoutStyle is not null ? options
        : options with { DropoutStyle = options.Dora is null ? method.DropoutStyle : DropoutStyle.Lycoris };

    /// <summary>Why a method cannot drop what it is asked to; null where it can.</summary>
    internal static string? Refuses(MethodDescriptor method, bool adds, MethodOptions options) => (method, options) switch
    {
        (_, { Dropout: 0, RankDropout: 0 }) => null,
        (_, { DropoutStyle: DropoutStyle.Kohya }) when method != Lora.Descriptor || options.Dora is not null =>
            $"kohya's dropouts are those of a plain LoRA, and {method.Name}{(options.Dora is null ? "" : " with DoRA")} has none of them; dropout_style lycoris has rank dropout",
        (_, { Dora: not null, DropoutStyle: DropoutStyle.Peft or DropoutStyle.LycorisBypass }) => "DoRA builds the weight, so that only rank dropout and module dropout can act on it",
        (_, { Dropout: > 0, DropoutStyle: DropoutStyle.Lycoris }) =>
            $"dropout does nothing where {method.Name}'s weight is built, as in LyCORIS; take rank_dropout or module_dropout, or bypass_mode=true where the method adds",
        (_, { RankDropout: > 0, DropoutStyle: DropoutStyle.Peft }) => "PEFT has no rank dropout",
        ({ HasOwnDropouts: true }, _) => null,
        _ when !adds => $"{method.Name} multiplies the weight and has no dropout but module_dropout",
        ({ RowsDropWhenBuilt: false }, { RankDropout: > 0, DropoutStyle: DropoutStyle.Lycoris }) => $"{method.Name} has no rank dropout",
        ({ RowsDropInBypass: false }, { RankDropout: > 0, DropoutStyle: DropoutStyle.LycorisBypass }) => $"{method.Name} has no rank dropout in bypass mode",
        _ => null,
    };

    /// <summary>Whether a method leaves its dropouts to this wrapper.</summary>
    internal static bool IsAsked(MethodDescriptor method, MethodOptions options) =>
        (options.Dropout > 0 || options.RankDropout > 0) && !method.HasOwnDropouts
        && !(method == Lora.Descriptor && options.DropoutStyle is DropoutStyle.Kohya or DropoutStyle.LycorisBypass);
}
