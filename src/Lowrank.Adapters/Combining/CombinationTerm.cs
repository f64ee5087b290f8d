namespace Lowrank.Adapters;

/// <summary>One adapter's change at a target, with its weight.</summary>
sealed record CombinationTerm(Reparameterization Change, double Weight, string Adapter)
{
    /// <summary>What the adapters that adapt a target do there.</summary>
    public static List<CombinationTerm> At(string path, IReadOnlyList<WeightedAdapter> adapters)
    {
        var terms = new List<CombinationTerm>();
        foreach (var (adapter, weight) in adapters)
        {
            if (!adapter.Targets.TryGetValue(path, out var change)) continue;
            SpoiltParts.Refuse(change, adapter.Name, "combined");
            terms.Add(new(change, weight, adapter.Name));
        }
        return terms;
    }

    public void Refuse(Target target)
    {
        if (!Change.Target.WeightShape.AsSpan().SequenceEqual(target.WeightShape))
            throw new LowrankException(
                $"{Adapter} was made for another weight: {Change.Target}, and the others for {target}. " +
                "Are the adapters made for one base model?");
    }
}
