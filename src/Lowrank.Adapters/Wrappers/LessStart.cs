namespace Lowrank.Adapters;

/// <summary>
/// A LoRA that began with factors whose product is not zero, less that product: ΔW = scale·(BA − B₀A₀), on the base as it is.
/// </summary>
/// <remarks>
/// For PiSSA, OLoRA and CorDA. PEFT takes scale·B₀A₀ off the base instead, so that its adapter is right on that base alone. Files hold this
/// one as a plain LoRA of twice the rank and twice the alpha, which every reader gets right on the model that everybody has: [A − A₀; A₀]
/// and [B, B − B₀], since BA − B₀A₀ = B(A − A₀) + (B − B₀)A₀. Rounded to half precision that loses a share of the change, where [A; A₀] and
/// [B, −B₀] would lose one of the start, which is as large as the weight.
/// </remarks>
sealed class LessStart : AdditiveWrapper<AdditiveReparameterization>
{
    readonly Lora start;

    /// <summary>Of a fresh LoRA, whose factors now are the start.</summary>
    /// <param name="lora">What is trained; taken over.</param>
    /// <param name="around">What is put around it, such as a dropout; null for nothing.</param>
    public LessStart(Lora lora, Func<Lora, AdditiveReparameterization>? around = null) : base(around?.Invoke(lora) ?? lora)
    {
        Trained = lora;
        var (down, up) = lora.Factors;
        start = new Lora(Target, down, up, alpha: lora.Alpha);
        foreach (var factor in start.parameters()) factor.requires_grad_(false);
        register_module("start", start);
    }

    /// <summary>The LoRA that is trained.</summary>
    public Lora Trained { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            var (down, up) = Factors;
            return [("down", down), ("up", up), ("alpha", tensor((float)(2 * Trained.Alpha), device: CPU))];
        }
    }

    (Tensor Down, Tensor Up) Factors
    {
        get
        {
            var ((down, up), (downThen, upThen)) = (Trained.Factors, start.Factors);
            return (cat([down - downThen, downThen], 0), cat([up, up - upThen], 1));
        }
    }

    /// <summary>PEFT's form of the same: the base that goes with the trained LoRA.</summary>
    /// <param name="weight">W as a matrix (out, in·kh·kw), float32 or wider.</param>
    public Tensor Residual(Tensor weight) => weight - start.Delta(weight);

    // A dropout acts on what is trained, and never on the start.
    bool Drops => Trained.Drops || Inner is Dropouts { Drops: true };

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        if (Drops) return Inner.Delta(weight) - start.Delta(weight);
        var (down, up) = Factors;
        return (up.reshape(Target.Out, -1).to(weight.dtype) * Trained.Scale).Multiply(down.reshape(2 * Trained.Rank, -1).to(weight.dtype));
    }

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        // BA + (ratio − 1)·(BA − B₀A₀) has a higher rank than BA: what is trained moves towards its start instead, as far as makes the norm
        // right to first order.
        using var grad = no_grad();
        foreach (var (part, then) in Trained.parameters().Zip(start.parameters())) part.lerp_(then, 1 - ratio);
    }

    /// <inheritdoc/>
    public override bool HasBranch => Drops ? Inner.HasBranch : Target.Kind is LayerKind.Linear or LayerKind.TransposedLinear;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength) =>
        HasBranch ? layer.Run(x).add_(Branch(x, layer, strength)) : base.Forward(x, layer, strength);

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        if (Drops) return Inner.Branch(x, layer, strength) - start.Branch(x, layer, strength);
        var (down, up) = Factors;
        return nn.functional.linear(nn.functional.linear(x, down.to(x.dtype)), (up * (strength * Trained.Scale)).to(x.dtype));
    }
}
