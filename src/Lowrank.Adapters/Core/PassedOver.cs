namespace Lowrank.Adapters;

/// <summary>Something that a file held and that was not used.</summary>
/// <param name="Kind">What it is, in the singular: "tensor", "config field".</param>
/// <param name="Name">What the file calls it.</param>
/// <param name="Reason">Why it was not used, as what could stand behind a colon.</param>
public sealed record PassedOver(string Kind, string Name, string Reason)
{
    // How many names a sentence holds.
    const int Listed = 3;

    /// <summary>Sentences for people, one for each kind and reason, with the number and the first names.</summary>
    public static IReadOnlyList<string> Sentences(IEnumerable<PassedOver> all) =>
        [.. all.Distinct().GroupBy(one => (one.Kind, one.Reason)).Select(group => Sentence(group.Key.Kind, group.Key.Reason, [.. group]))];

    static string Sentence(string kind, string reason, List<PassedOver> of)
    {
        string names = string.Join(", ", of.Take(Listed).Select(one => one.Name));
        string more = of.Count > Listed ? $" and {of.Count - Listed} more" : "";
        string plural = of.Count == 1 ? kind : kind + "s";
        return $"{of.Count} {plural} ({names}{more}): {reason}";
    }
}
