namespace Lowrank.Adapters;

/// <summary>What sd-scripts makes of several LoRAs, for programs that need the same file; no command of ours merges so.</summary>
/// <remarks>
/// Its merge is not the sum: the ratio enters up and down, so that an adapter counts with its squared ratio; summed factors bring
/// products of one adapter's up with another's down; and the first alpha stays though the rank grows when factors are stacked.
/// The exact sum is <see cref="Combination.Concatenated"/>.
/// Source: sd-scripts 48d368f, merge_lora.py and svd_merge_lora.py.
/// </remarks>
public static class KohyaMerge
{
    /// <summary>merge_lora.py without a model: factors are added, or stacked with <paramref name="concatenate"/>.</summary>
    /// <exception cref="LowrankException">Ranks differ though factors are to be added, or an adapter is no LoRA of two factors.</exception>
    public static Adapter Merge(IReadOnlyList<WeightedAdapter> adapters, bool concatenate, string name = "merged")
    {
        Refuse(adapters);
        return Rework.Targets(name, Paths(adapters), path => Merged(adapters, path, concatenate)).Adapter;
    }

    /// <summary>svd_merge_lora.py: the sum of changes, decomposed and clamped.</summary>
    /// <param name="adapters">With their ratios.</param>
    /// <param name="rank">Of linear layers and 1×1 convolutions; never more than a layer's channels.</param>
    /// <param name="convolutionRank">Of larger kernels; null takes the same.</param>
    /// <param name="clamp">The quantile of the signed values at which factors are clamped; null does not clamp.</param>
    /// <param name="name">Name of the new adapter.</param>
    public static ReworkedAdapter SvdMerge(
        IReadOnlyList<WeightedAdapter> adapters, int rank, int? convolutionRank = null, double? clamp = 0.99, string name = "merged")
    {
        Refuse(adapters);
        return Rework.Targets(name, Paths(adapters), path =>
        {
            var terms = CombinationTerm.At(path, adapters);
            var target = terms[0].Change.Target;
            foreach (var term in terms) term.Refuse(target);
            // kohya holds the rank within the channels, the kernel's entries not counted.
            int wanted = (int)Math.Min(target.IsSpatial ? convolutionRank ?? rank : rank, Math.Min(target.Out, target.In));
            var options = new CombineOptions { Rank = RankChoice.Fixed(wanted), Clamp = clamp };
            return new TargetCombination(terms, Combination.Svd, options, NoMask).Make();
        });
    }

    static Tensor NoMask(long[] shape) => throw new InvalidOperationException("a sum draws no mask");

    static IEnumerable<string> Paths(IReadOnlyList<WeightedAdapter> adapters) =>
        adapters.SelectMany(a => a.Adapter.Targets.Keys).Distinct();

    static Rework.Made Merged(IReadOnlyList<WeightedAdapter> adapters, string path, bool concatenate)
    {
        var with = CombinationTerm.At(path, adapters);
        var terms = with.ConvertAll(term => (Factors: TwoFactors(term), term.Weight));
        var target = with[0].Change.Target;
        // That of the first that is not switched off.
        double alpha = terms.Select(term => term.Factors.Scale * term.Factors.Rank).FirstOrDefault(one => one != 0);
        var ups = new List<Tensor>();
        var downs = new List<Tensor>();
        foreach (var (factors, ratio) in terms)
        {
            double scale = alpha == 0 ? 0 : Math.Sqrt(factors.Scale * factors.Rank / alpha) * ratio;
            ups.Add(factors.Up * Math.Abs(scale));
            downs.Add(factors.Down * scale);
        }
        var ranks = ups.ConvertAll(up => up.shape[1]);
        if (!concatenate && ranks.Distinct().Count() > 1)
            throw new LowrankException($"factors are added, and their ranks are {string.Join(", ", ranks)} at {target}. Concatenate them.");
        var upAll = concatenate ? cat(ups, 1) : ups.Aggregate((sum, up) => sum + up);
        var downAll = concatenate ? cat(downs, 0) : downs.Aggregate((sum, down) => sum + down);
        int rank = (int)upAll.shape[1];
        var report = new ReworkedTarget(target, terms[0].Factors.Rank, rank, null, null);
        return new(Rework.Lora(target, upAll, downAll, alpha / rank), report);
    }

    static void Refuse(IReadOnlyList<WeightedAdapter> adapters)
    {
        if (adapters.Count == 0) throw new LowrankException("there is no adapter to merge");
    }

    static Factors TwoFactors(CombinationTerm term)
    {
        var one = term.Change;
        if (!one.AdaptsBias && Changes.FactorsOf(one) is { HasCore: false } factors) return factors;
        throw new LowrankException(
            $"kohya's merge takes LoRAs of two factors, and {term.Adapter} has {Changes.Name(one)} at {one.Target.Path}");
    }
}
