namespace Lowrank.Adapters;

/// <summary>The few <c>ss_*</c> metadata of an adapter that was not trained, as sd-scripts' own tools write them, by which programs show its base model, rank and alpha.</summary>
public static class NetworkMetadata
{
    /// <summary>The metadata of an adapter.</summary>
    /// <param name="family">"sd1", "sd2", "sdxl".</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="comment">How it was made.</param>
    public static IReadOnlyDictionary<string, string> Of(string family, Adapter adapter, string comment)
    {
        using var scope = NewDisposeScope();
        var ranks = adapter.Targets.Values.Select(Changes.FactorsOf).OfType<Factors>().Select(f => f.Rank).ToList();
        string rank = ranks.Distinct().ToList() is [var one] ? PythonText.Of(one) : "Dynamic";
        return new Dictionary<string, string>
        {
            ["ss_v2"] = PythonText.Of(family == "sd2"),
            ["ss_base_model_version"] = family switch { "sd1" => "sd_v1", "sd2" => "sd_v2", "sdxl" => "sdxl_base_v1-0", _ => family },
            ["ss_network_module"] = "networks.lora",
            ["ss_network_dim"] = rank,
            ["ss_network_alpha"] = rank,   // made adapters have scale 1
            ["ss_training_comment"] = comment,
        };
    }
}
