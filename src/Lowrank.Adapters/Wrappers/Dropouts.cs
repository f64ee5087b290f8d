namespace Lowrank.Adapters;

/// <summary>Dropouts around any additive method, while training, as a style has them. Files do not tell of them.</summary>
/// <remarks>Where nothing is dropped, it does what the inner one does, by the same roads.</remarks>
sealed class Dropouts : AdditiveWrapper<AdditiveReparameterization>
{
    readonly MethodOptions options;
    readonly DropoutStyle style;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">Whose change is dropped from.</param>
    /// <param name="options">Shares and style; kohya's style is a LoRA's own.</param>
    public Dropouts(AdditiveReparameterization inner, MethodOptions options) : base(inner) =>
        (this.options, style) = (options, inner.Method.Dropouts.StyleOf(options));

    internal bool Drops => training && style.Drops(options);

    // Rows of the change are left out of the weight itself.
    internal override bool DropsBeside => Drops && style.IsBeside;

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var delta = Inner.Delta(weight);
        return training ? style.OfChange(delta, Method, options) : delta;
    }

    /// <inheritdoc/>
    protected override Tensor Added(Tensor weight, double strength) =>
        Drops ? base.Added(weight, strength) : Inner.Apply(weight, strength);

    internal override Tensor ApplyOver(Tensor matrix, double strength) =>
        Drops ? base.ApplyOver(matrix, strength) : Inner.ApplyOver(matrix, strength);

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight) => Inner.ChangeNorm(weight);

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread) => Inner.Shrink(ratio, spread);

    /// <inheritdoc/>
    public override bool HasBranch => style.IsBeside || !Drops && Inner.HasBranch;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!Drops) return Inner.Forward(x, layer, strength);
        return HasBranch ? layer.Run(x).add_(Branch(x, layer, strength)) : base.Forward(x, layer, strength);
    }

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        if (!Drops) return Inner.HasBranch ? Inner.Branch(x, layer, strength) : Beside(x, layer, strength);
        var seen = style.OfInput(x, options);
        return style.Branch(Inner, seen, layer, strength, options) ?? style.OfAnswer(Beside(seen, layer, strength), options);
    }

    // The layer run with the change alone.
    Tensor Beside(Tensor x, IAdaptable layer, double strength)
    {
        var dtype = x.is_floating_point() ? x.dtype : layer.Weight.Dtype;
        var delta = Delta(Wide(Target.ToMatrix(layer.Weight.Dense())));
        return layer.Run(x, Target.FromMatrix(delta * strength).to(dtype), null);
    }

    /// <summary>The options with the style that nobody chose: the method's, or LyCORIS's where DoRA builds the weight.</summary>
    internal static MethodOptions Resolved(MethodDescriptor method, MethodOptions options) =>
        options with { DropoutStyle = method.Dropouts.StyleOf(options) };

    /// <summary>Why a method cannot drop what it is asked to; null where it can.</summary>
    /// <param name="method">The method.</param>
    /// <param name="options">What is asked.</param>
    internal static string? Refuses(MethodDescriptor method, MethodOptions options)
    {
        if (!AnyShareGiven(options)) return null;
        var style = method.Dropouts.StyleOf(options);
        if (style.Refuses(method, options) is { } reason) return reason;
        if (method.Dropouts.Own.Contains(style)) return null;
        if (!method.Dropouts.ActOnChange) return $"{method.Name} multiplies the weight and has no dropout but module_dropout";
        bool lacksRanks = options.RankDropout > 0 && method.Dropouts.WithoutRanks.Contains(style);
        return lacksRanks ? style.HasNoRanks(method) : null;
    }

    /// <summary>Whether a method leaves its dropouts to this wrapper.</summary>
    internal static bool WrapperIsNeeded(MethodDescriptor method, MethodOptions options) =>
        AnyShareGiven(options) && !method.Dropouts.Own.Contains(method.Dropouts.StyleOf(options));

    static bool AnyShareGiven(MethodOptions options) => options.Dropout > 0 || options.RankDropout > 0;
}
