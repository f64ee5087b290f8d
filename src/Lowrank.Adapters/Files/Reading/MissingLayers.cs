using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>
/// Layers that a file has nothing of, where its other layers are such that one would expect them: of a kind of layer (a name with its
/// numbers left open) one place is missing that two other kinds have, with places before and after it.
/// </summary>
/// <remarks>
/// First and last places do not count: models leave layers out of their last block, as SD 3 does. Nor does what several places lack, which
/// is how rules and choices of layers look.
/// </remarks>
static partial class MissingLayers
{
    const int FewestPlaces = 4, FewestKinds = 2;

    /// <summary>The names of these layers, as their neighbours are spelled.</summary>
    /// <param name="names">The layers that there are, as the file calls them.</param>
    public static IReadOnlyList<string> Among(IEnumerable<string> names)
    {
        var kinds = names.Distinct().GroupBy(name => Number().Replace(name, "0")).Select(group => new Kind([.. group])).ToList();
        var missing = new List<string>();
        foreach (var kind in kinds.Where(kind => kind.Places.Count >= FewestPlaces - 1))
        {
            var wholer = kinds.Where(kind.LacksOneOf).GroupBy(other => string.Join(' ', other.Places)).MaxBy(group => group.Count());
            if (wholer is null || wholer.Count() < FewestKinds) continue;
            string place = wholer.First().Places.Except(kind.Places).Single();
            bool isInside = place != wholer.First().Places[0] && place != wholer.First().Places[^1];
            if (isInside) missing.Add(kind.NameAt(place));
        }
        return missing;
    }

    /// <summary>A sentence about them; null where there are none.</summary>
    /// <param name="names">As of <see cref="Among"/>.</param>
    public static string? Told(IEnumerable<string> names)
    {
        if (Among(names) is not [var first, ..] missing) return null;
        return missing.Count == 1
            ? $"{first} is not there, where all layers beside it are: was it left out, or lost?"
            : $"{missing.Count} layers, such as {first}, are not there, where all layers beside them are: were they left out, or lost?";
    }

    // Numbers of their own: those of attn1 and conv2 are parts of words.
    [GeneratedRegex(@"(?<=[._])[0-9]+(?=[._]|$)")]
    private static partial Regex Number();

    /// <summary>Layers whose names differ in numbers alone.</summary>
    sealed class Kind
    {
        readonly string[] between, numbers;
        readonly int[] varying;

        public Kind(List<string> names)
        {
            var all = names.Select(name => Number().Matches(name).Select(match => match.Value).ToArray()).ToList();
            (between, numbers) = (Number().Split(names[0]), all[0]);
            varying = [.. Enumerable.Range(0, numbers.Length).Where(at => all.Exists(one => one[at] != numbers[at]))];
            var places = all.Select(one => string.Join('.', varying.Select(at => one[at])));
            Places = [.. places.OrderBy(Sortable, StringComparer.Ordinal).ThenBy(place => place, StringComparer.Ordinal)];
        }

        // A text that comes among others where its numbers do: of two, the one of more digits is the greater.
        static string Sortable(string place) =>
            string.Join('.', place.Split('.').Select(number => number.TrimStart('0')).Select(digits => $"{digits.Length:D9}{digits}"));

        /// <summary>The numbers in which they differ, as the names spell them, in order; no two are alike.</summary>
        public IReadOnlyList<string> Places { get; }

        string Component => between[0];

        /// <summary>Whether another kind in the same part of the model has one place more, and all of these.</summary>
        public bool LacksOneOf(Kind other) => other.Component == Component && other.varying.Length == varying.Length
            && other.Places.Count == Places.Count + 1 && Places.All(other.Places.Contains);

        /// <summary>The name of the layer at a place.</summary>
        public string NameAt(string place)
        {
            string[] there = [.. numbers], own = place.Split('.');
            foreach (var (index, at) in varying.Index()) there[at] = own[index];
            return between[0] + string.Concat(there.Zip(between.Skip(1), (number, after) => number + after));
        }
    }
}
