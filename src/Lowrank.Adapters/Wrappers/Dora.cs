namespace Lowrank.Adapters;

/// <summary>DoRA over any additive method: W' = g ⊙ V/‖V‖ with V = W + Δ, norms along one axis, g trained and ‖W‖ at first.</summary>
/// <remarks>
/// With strength m, W' becomes W + m·(W' − W); under <see cref="StrengthRule.Lycoris"/> it is V·(1 + m·(g/‖V‖ − 1)), under
/// <see cref="StrengthRule.Peft"/> V is W + m·Δ, and under <see cref="StrengthRule.ComfyUi"/> norms of outputs are those of W.
/// Source: Liu et al. 2024, arXiv 2402.09353, eq. 5; axes, ε and gradient as in LyCORIS 4.1.3 (ε 1.19e-7, the norm passes a gradient) and
/// PEFT 0.21.2 (no ε, it passes none).
/// </remarks>
sealed class Dora : Wrapper<AdditiveReparameterization>
{
    readonly Parameter magnitude;
    readonly bool detachNorm;
    readonly FactoredNorm norms;

    /// <summary>A DoRA of given magnitude.</summary>
    /// <param name="inner">Whose change is normalized; taken over.</param>
    /// <param name="magnitude">g, one number for each channel of the axis, in any shape of that many elements; the axis follows from the
    /// shape where it tells.</param>
    /// <param name="axis">The axis; null reads it from the shape: (out, 1, ...) and (out) are the output axis, (1, in, 1, ...) the input
    /// axis.</param>
    /// <param name="detachNorm">Whether the norm passes no gradient and gets no ε (PEFT); else as LyCORIS.</param>
    /// <exception cref="LowrankException">The magnitude fits neither axis.</exception>
    public Dora(AdditiveReparameterization inner, Tensor magnitude, DoraAxis? axis = null, bool detachNorm = false) : base(inner)
    {
        Axis = axis ?? AxisOf(magnitude);
        this.detachNorm = detachNorm;
        norms = new(Axis);
        long count = Axis == DoraAxis.Output ? Target.Out : Target.In;
        if (magnitude.numel() != count)
        {
            string channels = Axis == DoraAxis.Output ? "outputs" : "inputs";
            throw new LowrankException($"DoRA's magnitude has {magnitude.numel()} elements, and {Target} has {count} {channels}");
        }
        this.magnitude = Train(Part, magnitude, Axis == DoraAxis.Output ? [count, 1, .. Ones] : [1, count, .. Ones]);
    }

    /// <summary>The part's name.</summary>
    internal const string Part = "magnitude";

    /// <inheritdoc/>
    public override MethodOptions? Settings => Inner.Settings is { } inner ? inner with { Dora = Axis, DetachDoraNorm = detachNorm } : null;

    /// <summary>Along which axis norms are kept.</summary>
    public DoraAxis Axis { get; }

    /// <summary>A fresh DoRA around a fresh method: the magnitude is the weight's own norm.</summary>
    public static Dora Fresh(AdditiveReparameterization inner, MethodOptions options, Initialization initialization)
    {
        var axis = options.Dora ?? DoraAxis.Output;
        return new Dora(inner, Norm(initialization.Weight, inner.Target, axis), axis, options.DetachDoraNorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [.. Inner.Parts, (Part, magnitude)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        if (strength == 0 && StrengthRule == StrengthRule.Interpolate) return weight;
        var adapted = Inner.Apply(weight, StrengthRule == StrengthRule.Peft ? strength : 1);
        var norm = Norm(DividesByBase ? weight : adapted, Target, Axis);
        norm = detachNorm ? norm.detach() : norm + LycorisEpsilon;
        var factor = Columns(magnitude.reshape(norm.shape).to(weight.dtype) / norm);
        if (StrengthRule == StrengthRule.Lycoris) return adapted * (1 + strength * (factor - 1));
        return strength == 1 || StrengthRule == StrengthRule.Peft ? adapted * factor : weight + strength * (adapted * factor - weight);
    }

    bool DividesByBase => StrengthRule == StrengthRule.ComfyUi && Axis == DoraAxis.Output;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (strength != 1 || DividesByBase || !RunsAsLinear(layer, x) || Inner is not Lora { Drops: false } lora)
            return base.Forward(x, layer, strength);
        // V's norms from its factors: no tensor of the weight's size is made, and the layer runs once, scaled.
        var stored = layer.Weight.Dense();
        var weight = Target.ToMatrix(stored);
        var (down, up) = lora.Factors;
        Tensor norm;
        using (detachNorm ? no_grad() : null) norm = norms.Of(stored, weight, down, up, lora.Scale);
        var quotient = magnitude.reshape(-1) / (detachNorm ? norm : norm + LycorisEpsilon);
        var bias = BiasLike(layer, x);
        return Axis == DoraAxis.Output
            ? ScaledLinear.Run(x, weight, bias, down, up, lora.Scale, rows: quotient, columns: null)
            : ScaledLinear.Run(x, weight, bias, down, up, lora.Scale, rows: null, columns: quotient);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) norms.Dispose();
        base.Dispose(disposing);
    }

    const double LycorisEpsilon = 1.1920928955078125e-7;   // torch.finfo(float32).eps

    /// <summary>Norms of a matrix (out, in·k): (out, 1), or (1, in) over outputs and kernel.</summary>
    static Tensor Norm(Tensor matrix, Target target, DoraAxis axis) => axis == DoraAxis.Output
        ? matrix.norm(1, keepdim: true)
        : matrix.reshape(target.Out, target.In, -1).transpose(1, 2).reshape(-1, target.In).norm(0, keepdim: true);

    // A factor for each input channel, (1, in), as one for each column of the matrix (1, in·k).
    Tensor Columns(Tensor factor)
    {
        bool isWhole = Axis == DoraAxis.Output || Target.Kernel.Length == 0;
        return isWhole ? factor : factor.repeat_interleave(Target.Columns / Target.In, 1);
    }

    long[] Ones => [.. Target.Kernel.Select(_ => 1L)];

    DoraAxis AxisOf(Tensor value) => value.shape switch
    {
        [var rows] when rows == Target.Out => DoraAxis.Output,
        [var rows, ..] when rows == Target.Out && value.numel() == Target.Out => DoraAxis.Output,
        [1, var columns, ..] when columns == Target.In && value.numel() == Target.In => DoraAxis.Input,
        [1, var columns, ..] when columns == Target.Out && value.numel() == Target.Out => DoraAxis.Output,   // PEFT's convolutions
        _ => throw new LowrankException($"DoRA's magnitude has shape {value.shape.Text()}, which is one number neither " +
            $"for each of the {Target.Out} outputs nor for each of the {Target.In} inputs of {Target}"),
    };
}
