namespace Lowrank.Adapters;

/// <summary>Makes one LoRA adapter of several adapters.</summary>
/// <remarks>
/// A target that some of them adapt is combined from those. Weights and scales come in once; the result has scale 1. Changes of biases are
/// added, those of norms are mixed as they are. Source: PEFT 0.21.2, add_weighted_adapter, whose numbers these are, but for one: there a
/// first adapter with rank-stabilized scale makes the whole too strong by √rank.
/// </remarks>
public static class AdapterCombination
{
    /// <summary>The combined adapter; the others stay as they are.</summary>
    /// <param name="adapters">One or more, with their weights.</param>
    /// <param name="combination">The way; <see cref="Combination.Concatenated"/> is exact.</param>
    /// <param name="options">Rank, density, seed and so on.</param>
    /// <param name="name">Name of the new adapter.</param>
    /// <param name="progress">Told of each target.</param>
    /// <exception cref="LowrankException">Nothing to combine, options out of their ranges, methods
    /// or ranks that cannot be combined in this way, values that are not finite.</exception>
    public static ReworkedAdapter Combine(
        IReadOnlyList<WeightedAdapter> adapters, Combination combination, CombineOptions? options = null, string name = "combined",
        IProgress<ReworkedTarget>? progress = null)
    {
        options ??= new();
        options.Check();
        if (adapters.Count == 0) throw new LowrankException("there is no adapter to combine");
        foreach (var (adapter, weight) in adapters)
            if (!double.IsFinite(weight))
                throw new LowrankException($"the weight of {adapter.Name} is {PlainValue.Text(weight)}, and it is a finite number");
        foreach (var (adapter, _) in adapters) BesideLayers.RefusePrompt(adapter);
        IReadOnlyList<Adapter> all = [.. adapters.Select(weighted => weighted.Adapter)];
        BesideLayers.CheckWords(all);
        if (all.All(adapter => adapter.Targets.Count == 0)) BesideLayers.RequireLayers(all[0], "combined");
        using var generator = new Generator((ulong)options.Seed);
        Tensor Draw(long[] shape) => full(shape, (float)options.Density, device: CPU).bernoulli(generator);

        return Rework.Targets(name, adapters.SelectMany(a => a.Adapter.Targets.Keys).Distinct(), path =>
        {
            var terms = CombinationTerm.At(path, adapters);
            foreach (var term in terms) term.Refuse(terms[0].Change.Target);
            return new TargetCombination(terms, combination, options, options.Masks ?? Draw).Make();
        }, progress: progress, beside: all);
    }
}
