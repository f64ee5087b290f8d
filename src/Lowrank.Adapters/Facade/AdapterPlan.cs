namespace Lowrank.Adapters;

/// <summary>What each layer that patterns choose is given.</summary>
/// <param name="Model">The model.</param>
/// <param name="Method">The method.</param>
/// <param name="Options">Its options.</param>
/// <param name="Ranks">Ranks for the layers that a pattern chooses, the first that fits.</param>
sealed record AdapterPlan(ModelDescription Model, MethodDescriptor Method, MethodOptions Options, IReadOnlyDictionary<string, int> Ranks)
{
    /// <summary>The targets with their methods, in the model's order, and what the patterns match and nothing adapts.</summary>
    /// <param name="targets">Which layers are adapted.</param>
    /// <param name="exclude">Which of them are not.</param>
    /// <param name="whole">Which layers are trained whole.</param>
    public (List<PlannedTarget> Planned, IReadOnlyList<UnadaptableLayer> PassedOver) Of(string targets, string? exclude, string? whole)
    {
        var own = AdapterFactory.OwnOptions(Method, Options);
        var choice = LayerChoice.Of(Model, targets, exclude, target => Method.Refuses(target, own));
        var kept = whole is null ? null : LayerChoice.Of(Model, whole, null, Whole);
        var wholePaths = (kept?.Targets ?? []).Select(target => target.Path).ToHashSet();
        var planned = new List<PlannedTarget>();
        var used = new HashSet<string>();
        var behind = new Dictionary<string, string>();
        foreach (var place in TargetPlace.In(Model))
            if (wholePaths.Contains(place.Target.Path)) planned.Add(new(place.Target, Replacement.Descriptor, new MethodOptions(1)));
            else if (choice.Targets.Contains(place.Target)) planned.Add(new(place.Target, Method, Ranked(place, used, behind)));
        if (Ranks.Keys.FirstOrDefault(pattern => !used.Contains(pattern)) is { } idle)
        {
            if (behind.TryGetValue(idle, out string? first))
                throw new LowrankException($"the rank of \"{idle}\" is never taken: \"{first}\", which comes before it, chooses the same " +
                    $"layers. Put \"{idle}\" first, or leave it away");
            throw new LowrankException($"the rank of \"{idle}\" is of no adapted layer; adapted are {Some(planned)}");
        }
        return (planned, [.. choice.PassedOver.Concat(kept?.PassedOver ?? []).Where(layer => !wholePaths.Contains(layer.Path))]);
    }

    static string? Whole(Target target) => Replacement.Descriptor.Refuses(target, new MethodOptions(1));

    MethodOptions Ranked(TargetPlace place, HashSet<string> used, Dictionary<string, string> behind)
    {
        string? first = null;
        foreach (string pattern in Ranks.Keys)
        {
            if (!LayerChoice.Parsed(pattern, atLeastOne: true).Exists(one => one.Chooses(place))) continue;
            if (first is null) used.Add(first = pattern);
            else behind.TryAdd(pattern, first);
        }
        return first is null ? Options : Options with { Rank = Ranks[first] };
    }

    static string Some(List<PlannedTarget> planned)
    {
        string first = string.Join(", ", planned.Take(3).Select(plan => plan.Target.Path));
        return planned.Count > 3 ? $"{first} and {planned.Count - 3} more" : first;
    }
}
