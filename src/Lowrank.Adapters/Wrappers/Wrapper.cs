namespace Lowrank.Adapters;

/// <summary>What is put around any reparameterization. What it does not change it leaves to the inner one.</summary>
/// <remarks>The cheaper roads to the answer are not among that: they would pass by what the wrapper changes.</remarks>
/// <typeparam name="T">What it can be put around.</typeparam>
abstract class Wrapper<T> : Reparameterization where T : Reparameterization
{
    private protected Wrapper(T inner) : base(inner.Method, inner.Target)
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
    public override Tensor Apply(Tensor weight, double strength) => Inner.Apply(weight, strength);

    internal override bool DropsBeside => Inner.DropsBeside;

    internal override bool AdaptsWeight => Inner.AdaptsWeight;

    internal override bool HoldsInfinity => Inner.HoldsInfinity;

    /// <inheritdoc/>
    public override bool AdaptsBias => Inner.AdaptsBias;

    /// <inheritdoc/>
    public override bool BiasTakesWeight => Inner.BiasTakesWeight;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) => Inner.ApplyBias(bias, strength);

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) => Inner.ApplyBias(bias, weight, strength);

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight) => Inner.ChangeNorm(weight);

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread) => Inner.Shrink(ratio, spread);
}
