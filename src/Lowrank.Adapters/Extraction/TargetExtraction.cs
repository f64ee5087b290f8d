namespace Lowrank.Adapters;

/// <summary>The extraction at one target.</summary>
sealed class TargetExtraction(Target target, WeightSource tuned, WeightSource original, ExtractOptions options)
{
    /// <summary>Factors, or the whole change; null where nothing changed.</summary>
    public Rework.Made? Make()
    {
        var change = tuned.Matrix(target, "tuned") - original.Matrix(target, "base");
        if (options.Whole) return Whole(change);
        var svd = Rework.Decompose(change, Rule(), options.FullSvd, options.Tolerance);
        if (svd.Spectrum.Energy == 0) return null;
        if (options.WholeIfLarge && 2 * svd.Rank >= target.Out) return Whole(change);

        var (up, down) = svd.Factors;
        (up, down) = FactorClamp.Clamp(up, down, options.Clamp);
        var lora = options.Tucker && target.IsSpatial && svd.Rank <= target.In ? WithCore(up, down) : Rework.Lora(target, up, down);
        bool isTruncated = options is { Clamp: null, Sparsity: null } && lora.Parts.All(p => p.Part != "mid");
        if (isTruncated) return new(lora, new(target, null, svd.Rank, svd.Spectrum, svd.Error));
        var rest = change - lora.Delta(change);
        AdditiveReparameterization held = options.Sparsity is { } sparsity ? SparseRest.Of(lora, rest, sparsity) : lora;
        return new(held, new(target, null, svd.Rank, svd.Spectrum, (change - held.Delta(change)).norm().ToDouble()));
    }

    RankRule Rule()
    {
        var rule = options.Rank.For(target);
        return options.AtMostChannels ? rule with { Most = (int)Math.Min(rule.Most, Math.Min(target.Out, target.In)) } : rule;
    }

    // down (rank, in, k) becomes a pointwise down (rank, in) and a core (rank, rank, k), by a decomposition along its inputs.
    Lora WithCore(Tensor up, Tensor down)
    {
        int rank = (int)up.shape[1];
        var byInput = down.reshape(rank, target.In, -1).transpose(0, 1).reshape(target.In, -1);
        var (inputs, core) = Rework.Decompose(byInput, RankRule.Fixed(rank), full: true).Factors;
        var mid = core.reshape([rank, rank, .. target.Kernel]).transpose(0, 1).contiguous();
        return new Lora(target, inputs.t().contiguous().reshape([rank, target.In, .. target.Kernel.Select(_ => 1L)]), up, mid, rank);
    }

    Rework.Made? Whole(Tensor change)
    {
        var after = tuned(target, "bias")?.to(ScalarType.Float32);
        var before = after is null ? null : original(target, "bias")?.to(ScalarType.Float32);
        var bias = after is null || before is null ? null : after - before;
        bool nothing = IsZero(change) && (bias is null || IsZero(bias));
        return nothing ? null : Rework.Whole(target, change, bias);
    }

    static bool IsZero(Tensor change) => change.count_nonzero().ToInt64() == 0;
}
