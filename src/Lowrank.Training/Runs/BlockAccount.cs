namespace Lowrank.Training;

/// <summary>What is taken of lists with a value for each block of a model.</summary>
static class BlockAccount
{
    /// <summary>Adds values that no layer gets: those of blocks in which no layer is adapted.</summary>
    public static void Add(NetworkSection network, ModelDescription model, Account account)
    {
        (string Name, IReadOnlyList<double> Values)[] lists =
        [
            ("block_ranks", network.BlockRanks), ("block_alphas", network.BlockAlphas), ("block_conv_ranks", network.BlockConvRanks),
            ("block_conv_alphas", network.BlockConvAlphas), ("block_learning_rates", network.BlockLearningRates),
        ];
        lists = [.. lists.Where(list => list.Values.Count > 0)];
        if (lists.Length == 0) return;
        var places = ChosenPlaces(network, model);
        foreach (var (name, values) in lists)
        {
            bool forConvolutions = name.Contains("_conv_", StringComparison.Ordinal);
            var blocks = places.Where(place => !forConvolutions || place.Target.IsSpatial).Select(place => place.Block).ToHashSet();
            var names = model.Family.BlockLists.First(list => list.Count == values.Count);
            // 0 asks for no layer, and none there is.
            string[] idle = [.. names.Zip(values).Where(pair => pair.Second != 0 && !Reaches(pair.First, blocks)).Select(Told)];
            if (idle.Length > 0)
                account.Leaves(name, $"values of {name} for blocks in which no layer is adapted, not used: {Listing.Of(idle)}");
        }
    }

    static string Told((string Block, double Value) pair) => $"{PlainValue.Text(pair.Value)} of {pair.Block}";

    // A list may name several blocks as one, without their numbers.
    static bool Reaches(string name, HashSet<string?> blocks) =>
        blocks.Any(block => block == name || block?.TrimEnd([.. "0123456789"]) == name);

    // The layers that would be adapted if no list left one out.
    static TargetPlace[] ChosenPlaces(NetworkSection network, ModelDescription model)
    {
        var bare = network with
        {
            BlockRanks = [],
            BlockAlphas = [],
            BlockConvRanks = [],
            BlockConvAlphas = [],
            BlockLearningRates = [],
            ConvRank = network.BlockConvRanks.Any(rank => rank > 0) ? Math.Max(1, network.ConvRank) : network.ConvRank,
        };
        var paths = bare.ToPlan().For(model).Select(planned => planned.Target.Path).ToHashSet();
        return [.. TargetPlace.In(model).Where(place => paths.Contains(place.Target.Path))];
    }
}
