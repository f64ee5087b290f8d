using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>
/// The metadata of a resized adapter: rank and alpha as kohya's tools write them, "Dynamic" where layers differ,
/// and a comment. Files without kohya's metadata keep theirs.
/// </summary>
static class ResizedMetadata
{
    const string Rank = "ss_network_dim", Alpha = "ss_network_alpha", Comment = "ss_training_comment", Arguments = "ss_network_args";

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> old, IReadOnlyList<Rework.Made> made)
    {
        if (!old.TryGetValue(Rank, out var before)) return old;
        var ranks = made.Select(m => m.Report.Rank).Where(rank => rank > 0).Distinct().ToList();
        var alphas = made.Select(m => m.Reparameterization).OfType<Lora>().Select(lora => lora.Alpha).Distinct().ToList();
        string now = ranks.Count == 1 ? Only(ranks) : $"{ranks.Min()} to {ranks.Max()}";
        // conv_dim and its like told of the old ranks.
        var metadata = new Dictionary<string, string>(old.Where(pair => pair.Key != Arguments))
        {
            [Rank] = Only(ranks),
            [Alpha] = Only(alphas),
            [Comment] = $"resized from rank {before} to {now}; {old.GetValueOrDefault(Comment)}",
        };
        if (TrainedDropouts.NetworkArgumentsIn(old) is { } dropouts) metadata[Arguments] = dropouts;
        return metadata;
    }

    static string Only<T>(List<T> values) where T : IFormattable =>
        values.Count == 1 ? values[0].ToString(null, CultureInfo.InvariantCulture) : "Dynamic";
}
