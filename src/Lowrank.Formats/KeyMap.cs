using System.Text.RegularExpressions;

namespace Lowrank.Formats;

/// <summary>A table of pattern pairs that spells module paths in another way, both ways. <c>{}</c> stands for one number, the same on both
/// sides in order.</summary>
/// <example><code>
/// var map = new KeyMap(("conv_in", "input_blocks.0.0"), ("mid_block.resnets.{}.conv1", "middle_block.{}.in_layers.2"));
/// map.ToOther("mid_block.resnets.1.conv1");   // middle_block.1.in_layers.2
/// </code></example>
public sealed class KeyMap
{
    const string Number = "{}";

    readonly Lazy<(string Start, Regex Pattern, string[] Pieces)[]> toOther, toOwn;

    /// <summary>A map of pairs; the first whose pattern fits a path is taken.</summary>
    /// <param name="pairs">Own spelling and other spelling. A pattern fits the whole path, and both have the same number of <c>{}</c>.</param>
    /// <exception cref="ArgumentException">The two sides of a pair have different numbers of <c>{}</c>.</exception>
    public KeyMap(params IReadOnlyList<(string Own, string Other)> pairs)
    {
        Pairs = pairs;
        foreach (var (own, other) in pairs)
            if (own.Split(Number).Length != other.Split(Number).Length)
                throw new ArgumentException($"'{own}' and '{other}' differ in their number of {Number}", nameof(pairs));
        toOther = new(() => [.. pairs.Select(pair => (pair.Own.Split(Number)[0], Pattern(pair.Own), pair.Other.Split(Number)))]);
        toOwn = new(() => [.. pairs.Select(pair => (pair.Other.Split(Number)[0], Pattern(pair.Other), pair.Own.Split(Number)))]);
    }

    /// <summary>The table.</summary>
    public IReadOnlyList<(string Own, string Other)> Pairs { get; }

    /// <summary>The other spelling of an own path; null where no pattern fits it.</summary>
    public string? ToOther(string own) => Translate(own, toOther.Value);

    /// <summary>The own path of another spelling; null where no pattern fits it.</summary>
    public string? ToOwn(string other) => Translate(other, toOwn.Value);

    /// <summary>Makes sure that the map is one-to-one over these paths: each has another spelling, no two the same, and each comes back.</summary>
    /// <exception cref="LowrankException">All paths that fail, with the cause.</exception>
    public void Verify(IEnumerable<string> ownPaths)
    {
        var faults = new List<string>();
        var taken = new Dictionary<string, string>();
        foreach (string own in ownPaths)
        {
            if (ToOther(own) is not { } other) faults.Add($"{own} fits no pattern");
            else if (!taken.TryAdd(other, own)) faults.Add($"{own} and {taken[other]} both become {other}");
            else if (ToOwn(other) is var back && back != own) faults.Add($"{own} becomes {other} and comes back as {back ?? "nothing"}");
        }
        if (faults.Count > 0) throw new LowrankException($"the key-map is not one-to-one: {string.Join("; ", faults)}.");
    }

    static Regex Pattern(string pattern) =>
        new($@"\A{string.Join("([0-9]+)", pattern.Split(Number).Select(Regex.Escape))}\z", RegexOptions.CultureInvariant);

    static string? Translate(string path, (string Start, Regex Pattern, string[] Pieces)[] table)
    {
        // Comparing the beginning first leaves a pattern or two to be matched of hundreds.
        foreach (var (start, pattern, pieces) in table)
            if (path.StartsWith(start, StringComparison.Ordinal) && pattern.Match(path) is { Success: true } match)
                return pieces[0] + string.Concat(pieces.Skip(1).Select((piece, i) => match.Groups[i + 1].Value + piece));
        return null;
    }
}
