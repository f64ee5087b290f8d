namespace Lowrank.Language;

/// <summary>The share of pairs of texts whose better one has the higher log-probability, whole and by group (BLiMP's measure).</summary>
public static class PairAccuracy
{
    /// <summary>Of pairs; equal ones are not right.</summary>
    /// <param name="pairs">Summed log-probabilities of the better and of the worse text.</param>
    /// <exception cref="LowrankException">There are none, or one is no number.</exception>
    public static double Of(IReadOnlyList<(double Better, double Worse)> pairs)
    {
        if (pairs.Count == 0) throw new LowrankException("there are no pairs to measure. Is the file of pairs empty?");
        int none = pairs.Index().FirstOrDefault(pair => double.IsNaN(pair.Item.Better) || double.IsNaN(pair.Item.Worse), (-1, default))
            .Index;
        if (none >= 0)
            throw new LowrankException($"pair {none + 1} has a log-probability that is not a number. Does the model compute NaN?");
        return (double)pairs.Count(pair => pair.Better > pair.Worse) / pairs.Count;
    }

    /// <summary>Of each group by itself, in the order of their names.</summary>
    public static SortedDictionary<string, double> ByGroup(IEnumerable<(string Group, double Better, double Worse)> pairs)
    {
        var groups = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var group in pairs.GroupBy(pair => pair.Group, StringComparer.Ordinal))
            groups[group.Key] = Of([.. group.Select(pair => (pair.Better, pair.Worse))]);
        return groups;
    }
}
