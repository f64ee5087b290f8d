namespace Lowrank.Adapters;

/// <summary>What is put around a method that adds, and adds itself: it has a Δ of its own, and leaves the rest to the inner one.</summary>
/// <remarks>Says again what <see cref="Wrapper{T}"/> says, since it must be an <see cref="AdditiveReparameterization"/>.</remarks>
/// <typeparam name="T">What it can be put around.</typeparam>
abstract class AdditiveWrapper<T> : AdditiveReparameterization where T : AdditiveReparameterization
{
    private protected AdditiveWrapper(T inner) : base(inner.Method, inner.Target)
    {
        Inner = inner;
        register_module("inner", inner);
    }

    /// <summary>What it was put around.</summary>
    public T Inner { get; }

    /// <inheritdoc/>
    public override StrengthRule StrengthRule
    {
        get => Inner.StrengthRule;
        set => Inner.StrengthRule = value;
    }

    /// <inheritdoc/>
    public override MethodOptions? Settings => Inner.Settings;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => Inner.Parts;

    /// <inheritdoc/>
    public override bool NeedsWeight => Inner.NeedsWeight;

    internal override bool DropsBeside => Inner.DropsBeside;

    internal override bool AdaptsWeight => Inner.AdaptsWeight;

    /// <inheritdoc/>
    public override bool AdaptsBias => Inner.AdaptsBias;

    /// <inheritdoc/>
    public override bool BiasTakesWeight => Inner.BiasTakesWeight;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) => Inner.ApplyBias(bias, strength);

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) => Inner.ApplyBias(bias, weight, strength);
}
