namespace Lowrank.Adapters;

/// <summary>LyCORIS's dropouts where it builds the weight: rows of the change, for all samples alike.</summary>
/// <remarks>Source: LyCORIS 4.1.3 (rank_dropout, rank_dropout_scale).</remarks>
class LycorisDropouts(string name = "lycoris") : DropoutStyle(name)
{
    internal override bool Drops(MethodOptions options) => options.RankDropout > 0;

    internal override Tensor OfChange(Tensor delta, MethodDescriptor method, MethodOptions options)
    {
        bool drops = options.RankDropout > 0 && !method.Dropouts.WithoutRanks.Contains(this);
        return drops ? delta * Rows(delta.shape[0], delta, options) : delta;
    }

    /// <summary>A column of ones and zeros, one for each row; with rank_dropout_scale divided by their mean.</summary>
    private protected static Tensor Rows(long count, Tensor like, MethodOptions options)
    {
        var kept = (rand(count, device: like.device) > options.RankDropout).to(like.dtype);
        return (options.RankDropoutScale ? kept / kept.mean() : kept).unsqueeze(1);
    }

    internal override string? Refuses(MethodDescriptor method, MethodOptions options)
    {
        if (options.Dropout == 0) return null;
        string advice = "take rank_dropout or module_dropout, or bypass_mode=true where the method adds";
        return $"dropout does nothing where {method.Name}'s weight is built, as in LyCORIS; {advice}";
    }
}
