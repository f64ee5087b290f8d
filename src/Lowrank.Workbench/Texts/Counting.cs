namespace Lowrank.Workbench;

/// <summary>Counts things by a fact that people are told.</summary>
static class Counting
{
    /// <summary>How many things there are of each fact, most first.</summary>
    public static IReadOnlyDictionary<string, int> CountMostFirst<T>(this IEnumerable<T> things, Func<T, string> fact) =>
        things.CountBy(fact).OrderByDescending(pair => pair.Value).ToDictionary();
}
