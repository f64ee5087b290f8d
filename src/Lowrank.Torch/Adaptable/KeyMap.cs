namespace Lowrank.Torch;

/// <summary>A table of pattern pairs that spells module paths in another way, both ways. <c>{}</c> stands for one number, the same on both
/// sides in order.</summary>
/// <example><code>
/// var map = new KeyMap(("conv_in", "input_blocks.0.0"), ("mid_block.resnets.{}.conv1", "middle_block.{}.in_layers.2"));
/// map.ToOther("mid_block.resnets.1.conv1");   // middle_block.1.in_layers.2
/// </code></example>
public sealed class KeyMap
{
    const string Number = "{}";

    // Each pair as what stands around its numbers: the side that is matched, and the side that is written.
    readonly Lazy<(string[] Read, string[] Written)[]> toOther, toOwn;

    /// <summary>A map of pairs; the first whose pattern fits a path is taken.</summary>
    /// <param name="pairs">Own spelling and other spelling. A pattern fits the whole path, and both have the same number of
    /// <c>{}</c>.</param>
    /// <exception cref="ArgumentException">The two sides of a pair have different numbers of <c>{}</c>.</exception>
    public KeyMap(params IReadOnlyList<(string Own, string Other)> pairs)
    {
        Pairs = pairs;
        foreach (var (own, other) in pairs)
            if (own.Split(Number).Length != other.Split(Number).Length)
                throw new ArgumentException($"'{own}' and '{other}' differ in their number of {Number}", nameof(pairs));
        toOther = new(() => [.. pairs.Select(pair => (pair.Own.Split(Number), pair.Other.Split(Number)))]);
        toOwn = new(() => [.. pairs.Select(pair => (pair.Other.Split(Number), pair.Own.Split(Number)))]);
    }

    /// <summary>The table.</summary>
    public IReadOnlyList<(string Own, string Other)> Pairs { get; }

    /// <summary>The other spelling of an own path; null where no pattern fits it.</summary>
    public string? ToOther(string own) => Translate(own, toOther.Value);

    /// <summary>The own path of another spelling; null where no pattern fits it.</summary>
    public string? ToOwn(string other) => Translate(other, toOwn.Value);

    /// <summary>
    /// Makes sure that the map is one-to-one over these paths: each has another spelling, no two the same, and each comes back.
    /// </summary>
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

    static string? Translate(string path, (string[] Read, string[] Written)[] table)
    {
        foreach (var (read, written) in table)
            if (Numbers(path, read) is { } numbers)
                return written[0] + string.Concat(written.Skip(1).Select((piece, i) => numbers[i] + piece));
        return null;
    }

    // The numbers between the pieces of a pattern that fits the whole path; null for one that does not.
    static List<string>? Numbers(string path, string[] pieces)
    {
        if (!path.StartsWith(pieces[0], StringComparison.Ordinal)) return null;
        int at = pieces[0].Length;
        var numbers = new List<string>(pieces.Length - 1);
        foreach (string piece in pieces.Skip(1))
        {
            int start = at;
            while (at < path.Length && char.IsAsciiDigit(path[at])) at++;
            if (at == start || string.CompareOrdinal(path, at, piece, 0, piece.Length) != 0) return null;
            numbers.Add(path[start..at]);
            at += piece.Length;
        }
        return at == path.Length ? numbers : null;
    }
}
