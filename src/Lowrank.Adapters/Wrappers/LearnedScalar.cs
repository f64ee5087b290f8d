namespace Lowrank.Adapters;

/// <summary>
/// A trained number that multiplies the change of any additive method: Δ = scalar·Δ_inner. Files hold it multiplied into a factor.
/// </summary>
/// <remarks>0 at first, so that all of the inner method's factors may begin random. Source: LyCORIS 4.1.3, use_scalar.</remarks>
sealed class LearnedScalar : AdditiveWrapper<AdditiveReparameterization>
{
    readonly Parameter scalar;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">Whose change is multiplied.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="LowrankException">The method has no part that takes the number in.</exception>
    public LearnedScalar(AdditiveReparameterization inner, double value = 0) : base(inner)
    {
        if (inner.Method.ScalarParts(inner.Parts.Select(p => p.Part).ToHashSet()).Count == 0)
            throw new LowrankException($"{inner.Method.Name} has no part that a learned scalar could be stored in");
        scalar = Train("scalar", tensor((float)value, device: CPU), []);
    }

    /// <inheritdoc/>
    public override MethodOptions? Settings => Inner.Settings is { } inner ? inner with { LearnedScalar = true } : null;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            var parts = Inner.Parts;
            var folded = Inner.Method.ScalarParts(parts.Select(p => p.Part).ToHashSet());
            return [.. parts.Select(p => folded.Contains(p.Part) ? (p.Part, p.Value * scalar) : p)];
        }
    }

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => Inner.Delta(weight) * scalar.to(weight.dtype);

    /// <inheritdoc/>
    public override bool HasBranch => Inner.HasBranch;

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        using var grad = no_grad();
        scalar.mul_(ratio);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength) =>
        HasBranch ? layer.Run(x).add_(Branch(x, layer, strength)) : base.Forward(x, layer, strength);

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        var branch = Inner.Branch(x, layer, strength);
        return branch * scalar.to(branch.dtype);
    }
}
