namespace Lowrank.Adapters;

/// <summary>A LoRA that began with factors whose product is not zero, less that product: ΔW = scale·(BA − B₀A₀), on the base as it is.</summary>
/// <remarks>
/// For PiSSA, OLoRA and CorDA. PEFT takes scale·B₀A₀ off the base instead, so that its adapter is right on that base alone. Files hold this one as a plain LoRA of twice the rank,
/// [A; A₀] and [B, −B₀] with twice the alpha, which every reader gets right on the model that everybody has.
/// </remarks>
public sealed class LessStart : AdditiveReparameterization
{
    readonly Lora start;
    readonly AdditiveReparameterization inner;

    /// <summary>Of a fresh LoRA, whose factors now are the start.</summary>
    /// <param name="lora">What is trained; taken over.</param>
    /// <param name="around">What is put around it, such as a dropout; null for nothing.</param>
    public LessStart(Lora lora, Func<Lora, AdditiveReparameterization>? around = null) : base(lora.Method, lora.Target)
    {
        Trained = lora;
        var (down, up) = lora.Factors;
        start = new Lora(Target, down, up, alpha: lora.Alpha);
        foreach (var factor in start.parameters()) factor.requires_grad_(false);
        inner = around?.Invoke(lora) ?? lora;
        register_module("inner", inner);
        register_module("start", start);
    }

    /// <summary>The LoRA that is trained.</summary>
    public Lora Trained { get; }

    /// <inheritdoc/>
    public override MethodOptions? Settings => Trained.Settings;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            var ((down, up), (downThen, upThen)) = (Trained.Factors, start.Factors);
            return [("down", cat([down, downThen], 0)), ("up", cat([up, -upThen], 1)), ("alpha", tensor((float)(2 * Trained.Alpha)))];
        }
    }

    /// <summary>PEFT's form of the same: the base that goes with the trained LoRA.</summary>
    /// <param name="weight">W as a matrix (out, in·kh·kw), float32 or wider.</param>
    public Tensor Residual(Tensor weight) => weight - start.Delta(weight);

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => inner.Delta(weight) - start.Delta(weight);

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        // BA + (ratio − 1)·(BA − B₀A₀) has a higher rank than BA: what is trained moves towards its start instead, as far as makes the norm right to first order.
        using var grad = no_grad();
        foreach (var (part, then) in Trained.parameters().Zip(start.parameters())) part.lerp_(then, 1 - ratio);
    }

    /// <inheritdoc/>
    public override bool HasBranch => inner.HasBranch;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength) =>
        HasBranch ? layer.Run(x).add_(Branch(x, layer, strength)) : base.Forward(x, layer, strength);

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength) => inner.Branch(x, layer, strength) - start.Branch(x, layer, strength);
}
