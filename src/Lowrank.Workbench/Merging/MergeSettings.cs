namespace Lowrank.Workbench;

/// <summary>Which way of merging uses which of the settings that have a default.</summary>
static class MergeSettings
{
    static readonly (string Field, Func<Combination, bool> IsUsed)[] ofOneAdapter =
    [
        ("rank", Decomposes), ("conv rank", Decomposes), ("clamp", Decomposes), ("full svd", Decomposes),
        ("density", way => way.Mix.Pruning != Pruning.None),
        ("majority", way => way.Mix.ElectsSigns),
        ("seed", way => way.Mix.Pruning == Pruning.Random),
    ];

    const string OfDifference = "times";

    /// <summary>Those that a way does not use, a sentence each.</summary>
    /// <param name="given">Fields by the words that messages name them with: "conv rank".</param>
    /// <param name="way">What is merged with what.</param>
    /// <param name="combination">How, where adapters become one; null elsewhere.</param>
    public static IEnumerable<string> Unused(IReadOnlyCollection<string> given, MergeWay way, Combination? combination)
    {
        foreach (var (field, isUsed) in ofOneAdapter)
            if (given.Contains(field) && (combination is null || !isUsed(combination)))
                yield return $"{Told(field, way, combination)}; `method` {Users(isUsed)} does.";
        if (given.Contains(OfDifference) && way != MergeWay.Difference)
            yield return $"{Told(OfDifference, way, combination)}; a difference of models (`plus` and `minus`) does.";
    }

    static bool Decomposes(Combination way) => way.Space == CombinationSpace.Changes;

    static string Users(Func<Combination, bool> isUsed) => string.Join(", ", Combination.All.Where(isUsed).Select(way => way.Name));

    static string Told(string field, MergeWay way, Combination? combination) =>
        $"`{field}` is given, and {Described(way, combination)} does not use it";

    static string Described(MergeWay way, Combination? combination) => way switch
    {
        MergeWay.AdaptersIntoModel => "a merge of adapters into a base model",
        MergeWay.WeightedSum => "a weighted sum of base models",
        MergeWay.Difference => "a difference added to a base model",
        _ => $"the way {combination?.Name}",
    };
}
