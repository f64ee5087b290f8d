namespace Lowrank.Adapters;

/// <summary>What rotations of a weight's rows have in common.</summary>
static class OutputRotation
{
    /// <summary>(I + Q)(I − Q)⁻¹ with Q = X − Xᵀ, bounded by ‖Q‖ ≤ <paramref name="bound"/> over all blocks together.</summary>
    /// <param name="x">X, (..., size, size).</param>
    /// <param name="bound">The largest norm; 0 leaves it free unless <paramref name="always"/>.</param>
    /// <param name="always">Whether a bound of 0 counts (kohya).</param>
    public static Tensor Cayley(Tensor x, double bound, bool always = false)
    {
        const double Epsilon = 1e-8;
        bound = Math.Min(bound, float.MaxValue);   // libtorch refuses to clamp a float32 to more
        if (bound > 0 || always)
        {
            var norm = (x - x.transpose(-1, -2)).reshape(-1).norm();
            x = always
                ? x * ((norm.clamp_max(bound) + Epsilon) / (norm + Epsilon))
                : x * (norm.clamp_max(bound) / (norm + Epsilon));
        }
        return CayleyTransform.OfDifference(x);
    }

    /// <summary>m·R + (1 − m)·I.</summary>
    public static Tensor Interpolated(Tensor rotations, double strength)
    {
        if (strength == 1) return rotations;
        var identity = eye(rotations.shape[^1], dtype: rotations.dtype, device: rotations.device);
        return rotations * strength + identity * (1 - strength);
    }
}

/// <summary>How a rotation of the output is made.</summary>
public sealed record OutputRotationOptions : MethodOptions
{
    /// <summary>Blocks of at most <paramref name="size"/> channels.</summary>
    public OutputRotationOptions(int size) : base(size) { }

    /// <summary>With what every method is asked for; the rank bounds the blocks' size.</summary>
    public OutputRotationOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Bound of the skew matrices' norm, divided by the number of outputs; 0 leaves it free.</summary>
    public double Constraint { get; init; }

    /// <summary>Whether rows are scaled after the rotation.</summary>
    public bool Rescaled { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults()) yield return fault;
        if (!(Constraint >= 0 && double.IsFinite(Constraint)))
            yield return $"constraint {PlainValue.Text(Constraint)} is not a finite number of 0 or more";
    }

    internal static IReadOnlyList<MethodArgument> Arguments { get; } =
    [
        MethodArgument.Number<OutputRotationOptions>(
            "constraint", "bound of the skew matrices' norm, divided by the outputs; 0 leaves it free (0)",
            (o, bound) => o with { Constraint = bound }, o => o.Constraint),
        MethodArgument.Switch<OutputRotationOptions>(
            "rescaled", "scale rows after the rotation (false)", (o, on) => o with { Rescaled = on }, o => o.Rescaled),
    ];
}
