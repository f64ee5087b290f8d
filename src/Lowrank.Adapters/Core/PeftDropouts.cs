namespace Lowrank.Adapters;

/// <summary>PEFT's dropout: elements of what the adapter is asked.</summary>
/// <remarks>Source: PEFT 0.21.2 (lora_dropout).</remarks>
sealed class PeftDropouts() : DropoutStyle("peft")
{
    internal override bool Drops(MethodOptions options) => options.Dropout > 0;

    internal override bool IsBeside => true;

    // An embedding's ids cannot be dropped from, and PEFT leaves them whole.
    internal override Tensor OfInput(Tensor x, MethodOptions options) => x.is_floating_point() ? Without(options.Dropout, x) : x;

    internal override Tensor? Branch(
        AdditiveReparameterization inner, Tensor x, IAdaptable layer, double strength, MethodOptions options) =>
        inner.HasBranch ? inner.Branch(x, layer, strength) : null;

    internal override string? Refuses(MethodDescriptor method, MethodOptions options)
    {
        if (options.Dora is not null) return DoraBuilds;
        return options.RankDropout > 0 ? "PEFT has no rank dropout" : null;
    }
}
