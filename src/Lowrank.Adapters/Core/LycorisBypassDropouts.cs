namespace Lowrank.Adapters;

/// <summary>LyCORIS's dropouts in bypass mode, where the change is added to the answer.</summary>
/// <remarks>Source: LyCORIS 4.1.3 (rank_dropout, dropout, bypass_mode).</remarks>
sealed class LycorisBypassDropouts() : LycorisDropouts("lycoris-bypass")
{
    internal override bool Drops(MethodOptions options) => options.RankDropout > 0 || options.Dropout > 0;

    internal override bool IsBeside => true;

    // One mask for all samples.
    internal override (Tensor Kept, double Raise)? Ranks(long batch, long rank, Tensor like, MethodOptions options) =>
        options.RankDropout > 0 ? (Rows(rank, like, options).t(), 1) : null;

    internal override Tensor OfAnswer(Tensor added, MethodOptions options) => Without(options.Dropout, added);

    internal override Tensor? Branch(
        AdditiveReparameterization inner, Tensor x, IAdaptable layer, double strength, MethodOptions options) =>
        inner.Bypassed(x, layer, strength, options);

    internal override string? Refuses(MethodDescriptor method, MethodOptions options) => options.Dora is null ? null : DoraBuilds;

    internal override string HasNoRanks(MethodDescriptor method) => $"{method.Name} has no rank dropout in bypass mode";
}
