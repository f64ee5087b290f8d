namespace Lowrank.Adapters;

/// <summary>(IA)³: a learned factor for each channel of the output, or of the input: W' = (1 + strength·w) ⊙ W.</summary>
/// <remarks>
/// LyCORIS stores w, 0 at first; PEFT stores l = 1 + w, and on the output side scales
/// the bias too. Of a convolution w is (1, channels, 1, ...).
/// Source: Liu et al. 2022, arXiv 2205.05638; conventions of LyCORIS 4.1.3 and PEFT 0.21.2.
/// </remarks>
sealed class Ia3 : Reparameterization
{
    readonly Parameter factors;
    readonly Tensor onInput;
    readonly bool isPefts;

    /// <summary>An (IA)³ of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="weight">w, one number for each channel of the side.</param>
    /// <param name="onInput">Whether the input's channels are scaled.</param>
    /// <param name="isPefts">Whether it is as PEFT has it: what is trained is 1 + w, and the bias is scaled with the output.</param>
    /// <exception cref="LowrankException">There are not as many factors as channels, or the side of a
    /// grouped convolution or an embedding is the input.</exception>
    public Ia3(Target target, Tensor weight, bool onInput, bool isPefts = false) : base(Descriptor, target)
    {
        if (Refusal(target, onInput) is { } reason) throw new LowrankException($"(IA)³ cannot adapt {target}: {reason}");
        var (channels, side) = onInput ? (target.In, "inputs") : (target.Out, "outputs");
        if (weight.numel() != channels)
            throw new LowrankException($"(IA)³ has {weight.numel()} factors, and {target} has {channels} {side}");
        factors = Train("weight", weight, target.IsConvolution ? [1, channels, .. target.Kernel.Select(_ => 1L)] : [channels]);
        this.onInput = Keep("on_input", tensor(onInput ? 1L : 0L, device: CPU));
        OnInput = onInput;
        ScalesBias = isPefts && !onInput;
        this.isPefts = isPefts;
    }

    /// <summary>Whether the input's channels are scaled.</summary>
    public bool OnInput { get; }

    /// <summary>Whether the bias is scaled with the output (PEFT).</summary>
    public bool ScalesBias { get; }

    /// <inheritdoc/>
    /// <remarks>What PEFT trains is 1 + w, which weight decay draws to 0.</remarks>
    public override double DecaysToward => isPefts ? -1 : 0;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("weight", factors), ("on_input", onInput)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        var factor = 1 + strength * factors.reshape(-1).to(weight.dtype);
        if (!OnInput) return weight * factor.unsqueeze(1);
        return (weight.reshape(Target.Out, Target.In, -1) * factor.view(1, -1, 1)).reshape(weight.shape);
    }

    /// <inheritdoc/>
    public override bool AdaptsBias => ScalesBias;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) =>
        bias is null || !ScalesBias ? bias : bias * (1 + strength * factors.reshape(-1).to(bias.dtype));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!RunsAsLinear(layer, x) || ScalesBias && layer.Bias is not null)
            return base.Forward(x, layer, strength);
        var bias = BiasLike(layer, x);
        var scaled = 1 + strength * factors;
        var (rows, columns) = OnInput ? (null, scaled) : (scaled, (Tensor?)null);
        return ScaledLinear.Run(x, Target.ToMatrix(layer.Weight.Dense()), bias, null, null, 1, rows, columns);
    }

    static string? Refusal(Target target, bool onInput) => target switch
    {
        { Kind: LayerKind.Norm } => "a norm's weight is a factor for each channel already; method norm adapts it",
        { Kind: LayerKind.Embedding } when onInput => "an embedding's inputs are words, not channels",
        { Convolution.Groups: > 1 } when onInput => "the inputs of a grouped convolution are not those of its weight",
        _ => null,
    };

    static Ia3 Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (Ia3Options)given;
        bool onInput = options.TrainOnInput;
        return new Ia3(target, begin.Zeros(onInput ? target.In : target.Out), onInput, options.ScaleBias);
    }

    static Ia3 Stored(Target target, StoredParts parts)
    {
        var (weight, told) = (parts["weight"], parts.Number("on_input"));
        if (!parts.HasConfig) return new Ia3(target, weight, told is > 0);
        // PEFT stores 1 + w; where nothing else tells the side, a row of as many factors as inputs does.
        bool isRow = weight is { shape: [1, _, ..] } && weight.numel() == target.In;
        return new Ia3(target, weight - 1, told is null ? isRow : told > 0, isPefts: true);
    }

    /// <summary>(IA)³ in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "ia3", "Liu et al. 2022, arXiv 2205.05638",
        [
            new("weight", "(out), or (in) where on_input; of a convolution (1, channels, 1...)"),
            new("on_input", "()", Required: false, IsWhole: true),
        ],
        Fresh, Stored)
    {
        HasRank = false,
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Module = new("ia3"),
        OwnOptions = shared => shared as Ia3Options ?? new Ia3Options(shared),
        Refuses = (target, given) => Refusal(target, given is Ia3Options { TrainOnInput: true }),
        Arguments =
        [
            MethodArgument.Switch<Ia3Options>(
                "train_on_input", "scale the input's channels rather than the output's (false)",
                (o, on) => o with { TrainOnInput = on }, o => o.TrainOnInput),
            MethodArgument.Switch<Ia3Options>(
                "scale_bias", "scale a layer's bias with its output, as PEFT does, whose folders hold no other (false)",
                (o, on) => o with { ScaleBias = on }, o => o.ScaleBias),
        ],
        // A number for each channel: one axis at most is longer than 1.
        Recognizes = shapes => shapes.GetValueOrDefault("weight") is { } weight && weight.Count(axis => axis > 1) <= 1,
        Facts = shapes => new PartFacts(0, null, null, []),
    };
}

/// <summary>How an (IA)³ is made; it has no rank.</summary>
public sealed record Ia3Options : MethodOptions
{
    /// <summary>With what every method is asked for.</summary>
    public Ia3Options(MethodOptions shared) : base(shared) { }

    /// <summary>Whether the input's channels are scaled rather than the output's.</summary>
    public bool TrainOnInput { get; init; }

    /// <summary>Whether a layer's bias is scaled with its output, as PEFT does.</summary>
    public bool ScaleBias { get; init; }
}
