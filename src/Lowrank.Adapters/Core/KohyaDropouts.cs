namespace Lowrank.Adapters;

/// <summary>sd-scripts' dropouts, of a plain LoRA.</summary>
/// <remarks>Source: kohya-ss/sd-scripts, networks/lora.py at 48d368f.</remarks>
sealed class KohyaDropouts() : DropoutStyle("kohya")
{
    internal override bool Drops(MethodOptions options) => options.Dropout > 0 || options.RankDropout > 0;

    internal override Tensor OfActivations(Tensor low, MethodOptions options) => Without(options.Dropout, low);

    // One mask a sample; what is left is raised by 1/(1-p).
    internal override (Tensor Kept, double Raise)? Ranks(long batch, long rank, Tensor like, MethodOptions options)
    {
        double share = options.RankDropout;
        if (share <= 0) return null;
        var kept = (rand(batch, rank, device: like.device) > share).to(like.dtype);
        return (kept, 1 / (1 - share));
    }

    internal override string? Refuses(MethodDescriptor method, MethodOptions options)
    {
        if (method.Dropouts.Own.Contains(this) && options.Dora is null) return null;
        string asked = options.Dora is null ? method.Name : $"{method.Name} with DoRA";
        return $"kohya's dropouts are those of a plain LoRA, and {asked} has none of them; dropout_style lycoris has rank dropout";
    }
}
