namespace Lowrank.Adapters;

/// <summary>
/// What <see cref="DiagOft"/> and <see cref="Boft"/> have in common: blocks whose Cayley transforms turn
/// the rows of W, a bound, factors for the rows afterwards.
/// </summary>
/// <remarks>
/// With Q = X − Xᵀ and R = (I + Q)(I − Q)⁻¹. A constraint c &gt; 0 bounds the norm of all Q together by c·out; a file's alpha is the
/// constraint and no scale. Strength m takes R to m·R + (1 − m)·I. rescale multiplies rows afterwards: W + m·(W' − W) by our rule; under
/// <see cref="StrengthRule.Lycoris"/> at full size whatever the strength; <see cref="StrengthRule.ComfyUi"/> is another thing still.
/// </remarks>
abstract class RotatedRows : Reparameterization
{
    readonly Tensor constraint;

    private protected RotatedRows(MethodDescriptor method, Target target, Tensor blocks, double constraint, Tensor? rescale, bool fits)
        : base(method, target)
    {
        if (!fits || rescale is not null && rescale.numel() != target.Out)
        {
            string ofFactors = rescale is null ? "" : $" and its factors {rescale.shape.Text()}";
            throw new LowrankException(
                $"{method.Name}'s blocks have shape {blocks.shape.Text()}{ofFactors}, which rotate no {target.Out} rows, at {target}");
        }
        Blocks = Train("oft_blocks", blocks, blocks.shape);
        if (rescale is not null) Rescale = Train("rescale", rescale, [target.Out, 1, .. target.Kernel.Select(_ => 1L)]);
        Constraint = constraint;
        this.constraint = Keep("alpha", tensor((float)constraint, device: CPU));
    }

    private protected Parameter Blocks { get; }

    private protected Parameter? Rescale { get; }

    /// <summary>The bound of ‖Q‖ divided by out; 0 leaves it free.</summary>
    public double Constraint { get; }

    /// <summary>How it was made.</summary>
    public OutputRotationOptions? Options { get; init; }

    /// <inheritdoc/>
    public override MethodOptions? Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => Rescale is null
        ? [("oft_blocks", Blocks), ("alpha", constraint)]
        : [("oft_blocks", Blocks), ("rescale", Rescale), ("alpha", constraint)];

    // Whether a constraint of 0 bounds too.
    private protected virtual bool AlwaysBounds => false;

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight) => Blocks.norm().ToDouble();

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        using var grad = no_grad();
        Blocks.mul_(ratio);
    }

    /// <summary>R of every block at a strength, in the shape of the blocks.</summary>
    public Tensor Rotations(double strength)
    {
        var cayley = IsComfy
            ? OutputRotation.Cayley(Blocks, Constraint)
            : OutputRotation.Cayley(Blocks, Constraint * Target.Out, AlwaysBounds);
        return OutputRotation.Interpolated(cayley, strength);
    }

    bool IsComfy => StrengthRule == StrengthRule.ComfyUi;

    // Whether ComfyUI heeds the factors for the rows.
    private protected virtual bool ComfyScalesRows => false;

    // R at a strength with what chance leaves out of it while training.
    private protected virtual Tensor Turning(double strength) => Rotations(strength);

    /// <summary>Rows (out, columns) turned by R, in the rows' dtype.</summary>
    private protected abstract Tensor Turned(Tensor rows, Tensor rotations);

    /// <inheritdoc/>
    public sealed override Tensor Apply(Tensor weight, double strength)
    {
        if (IsComfy) return weight + strength * (ByComfy(weight, strength) - weight);
        if (strength == 0 && (Rescale is null || StrengthRule == StrengthRule.Interpolate)) return weight;
        // A factor beside the rotation makes the strength act on the finished difference.
        bool whole = Rescale is not null && StrengthRule == StrengthRule.Interpolate;
        var rotated = Turned(weight, Turning(whole ? 1 : strength).to(weight.dtype));
        if (Rescale is null) return rotated;
        var scaled = rotated * Rescale.reshape(-1, 1).to(weight.dtype);
        return whole && strength != 1 ? weight + strength * (scaled - weight) : scaled;
    }

    Tensor ByComfy(Tensor weight, double strength)
    {
        var rotated = Turned(weight, Turning(strength).to(weight.dtype));
        return Rescale is not null && ComfyScalesRows ? rotated * Rescale.reshape(-1, 1).to(weight.dtype) : rotated;
    }
}
