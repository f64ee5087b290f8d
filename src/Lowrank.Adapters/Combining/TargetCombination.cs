namespace Lowrank.Adapters;

/// <summary>The combination at one target.</summary>
sealed class TargetCombination(
    IReadOnlyList<CombinationTerm> terms, Combination combination, CombineOptions options, Func<long[], Tensor> mask)
{
    readonly Target target = terms[0].Change.Target;
    readonly List<Factors?> factors = [.. terms.Select(t => Changes.FactorsOf(t.Change))];

    public Rework.Made Make()
    {
        // A norm's scale is no matrix and has no factors.
        if (target.Kind == LayerKind.Norm) return Rework.Whole(target, MixChanges(), Bias());
        var made = combination.Space switch
        {
            CombinationSpace.Stacked => Stack(),
            CombinationSpace.Factors => MixFactors(),
            _ => Decompose(),
        };
        return made with { Reparameterization = Changes.WithBias(made.Reparameterization, Bias(), terms.Select(t => t.Change)) };
    }

    Tensor MixChanges()
    {
        var changes = terms.Select(t => Changes.MatrixOf(t.Change, options.Weights)).ToList();
        return combination.Mix.Of(changes, [.. terms.Select(t => t.Weight)], options, mask);
    }

    Tensor? Bias()
    {
        var biases = terms.Select(t => Changes.BiasOf(t.Change, options.Weights)?.mul(t.Weight)).OfType<Tensor>().ToList();
        return biases.Count > 0 ? biases.Aggregate((sum, bias) => sum + bias) : null;
    }

    // Weight and scale on down, as in PEFT.
    Rework.Made Stack()
    {
        var (up, down) = Stacked(Known());
        return Made(up, down, null, 0);
    }

    // √|weight·scale| on both factors, the sign on down.
    Rework.Made MixFactors()
    {
        var known = Known();
        if (known.Find(f => f.Rank != known[0].Rank) is { } other)
            throw new LowrankException(
                $"{combination.Name} mixes factors of one rank, and there are {known[0].Rank} and {other.Rank} at {target}. " +
                "Take cat, or svd with a rank.");
        if (known.Exists(f => f.HasCore))
            throw new LowrankException(
                $"{combination.Name} mixes factors, and a Tucker core stands between them at {target}. Take cat, or svd with a rank.");
        var scales = terms.Zip(known, (t, f) => t.Weight * f.Scale).ToList();
        var roots = scales.ConvertAll(scale => Math.Sqrt(Math.Abs(scale)));
        var signed = scales.Zip(roots, (scale, root) => Math.Sign(scale) * root).ToList();
        var down = combination.Mix.Of(known.ConvertAll(f => f.Down), signed, options, mask);
        var up = combination.Mix.Of(known.ConvertAll(f => f.Up), roots, options, mask);
        return IsPlainSum ? Made(up, down, SpectrumOf(known), OffTheSum(known, up, down)) : Made(up, down, null, null);
    }

    bool IsPlainSum => combination.Mix is { Pruning: Pruning.None, ElectsSigns: false };

    Spectrum SpectrumOf(List<Factors> known)
    {
        var (up, down) = Stacked(known);
        return TruncatedSvd.OfProduct(up, down).Spectrum;
    }

    // The norm of what lies between the product of mixed factors and the sum of products.
    double OffTheSum(List<Factors> known, Tensor up, Tensor down)
    {
        var (sumUp, sumDown) = Stacked(known);
        return TruncatedSvd.OfProduct(cat([sumUp, up], 1), cat([sumDown, -down], 0)).Spectrum.Norm;
    }

    Rework.Made Decompose()
    {
        var rule = options.Rank?.For(target) ?? RankRule.Fixed(LargestRank());
        TruncatedSvd svd;
        if (IsPlainSum && factors.TrueForAll(f => f is not null))
        {
            var (up, down) = Stacked(factors.ConvertAll(f => f!));
            svd = Rework.OfProduct(up, down, rule);
        }
        else
        {
            svd = Rework.Decompose(MixChanges(), rule, options.FullSvd);
        }
        var (left, right) = svd.Factors;
        (left, right) = FactorClamp.Clamp(left, right, options.Clamp);
        return Made(left, right, svd.Spectrum, options.Clamp is null ? svd.Error : null);
    }

    int LargestRank() => factors.Max(f => f?.Rank) ?? throw new LowrankException(
        $"{terms[0].Change.Method.Name} has no rank that a LoRA could take over, at {target}. Say which rank it gets.");

    List<Factors> Known() => factors.ConvertAll(f => f ?? throw NoFactors());

    LowrankException NoFactors()
    {
        var change = terms[factors.IndexOf(null)].Change;
        string name = Changes.Name(change);
        if (change.DependsOnInput)
            return new($"what {name} changes depends on the input, so that it is combined with nothing, at {target}. Leave it attached.");
        return new($"{combination.Name} combines factors, and {name} has none, at {target}. Take svd with a rank.");
    }

    (Tensor Up, Tensor Down) Stacked(List<Factors> known)
    {
        var downs = known.Zip(terms, (f, t) => f.Down * (t.Weight * f.Scale));
        return (cat([.. known.Select(f => f.Up)], 1), cat([.. downs], 0));
    }

    Rework.Made Made(Tensor up, Tensor down, Spectrum? spectrum, double? error)
    {
        int? largest = factors.Max(f => f?.Rank);
        return new(Rework.Lora(target, up, down), new ReworkedTarget(target, largest, (int)up.shape[1], spectrum, error));
    }
}
