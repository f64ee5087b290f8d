namespace Lowrank.Adapters;

/// <summary>
/// The few <c>ss_*</c> metadata of an adapter that was not trained, as sd-scripts' own tools write them, by which programs show its base
/// model, rank and alpha.
/// </summary>
public static class NetworkMetadata
{
    /// <summary>The metadata of an adapter.</summary>
    /// <param name="family">The family of its base model.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="comment">How it was made.</param>
    public static IReadOnlyDictionary<string, string> Of(ModelFamily family, Adapter adapter, string comment)
    {
        using var scope = NewDisposeScope();
        var ranks = adapter.Targets.Values.Select(Changes.FactorsOf).OfType<Factors>().Select(f => f.Rank).ToList();
        string rank = ranks.Distinct().ToList() is [var one] ? MetadataText.Of(one) : "Dynamic";
        return new Dictionary<string, string>
        {
            ["ss_v2"] = MetadataText.Of(family.Facts.IsSecondGeneration),
            ["ss_base_model_version"] = family.Facts.KohyaVersion,
            ["ss_network_module"] = "networks.lora",
            ["ss_network_dim"] = rank,
            ["ss_network_alpha"] = rank,   // made adapters have scale 1
            ["ss_training_comment"] = comment,
        };
    }
}
