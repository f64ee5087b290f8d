namespace Lowrank.Torch;

/// <summary>A table of pattern pairs that spells module paths in another way, both ways. <c>{}</c> stands for one number, the same on both
/// sides in order.</summary>
/// <example><code>
/// var map = new KeyMap(("conv_in", "input_blocks.0.0"), ("mid_block.resnets.{}.conv1", "middle_block.{}.in_layers.2"));
/// map.ToOther("mid_block.resnets.1.conv1");   // middle_block.1.in_layers.2
/// </code></example>
public sealed class KeyMap
{
    readonly (NumberPattern Own, NumberPattern Other)[] patterns;

    /// <summary>A map of pairs; the first whose pattern fits a path is taken.</summary>
    /// <param name="pairs">Own spelling and other spelling. A pattern fits the whole path, and both have the same number of
    /// <c>{}</c>.</param>
    /// <exception cref="ArgumentException">The two sides of a pair have different numbers of <c>{}</c>.</exception>
    public KeyMap(params IReadOnlyList<(string Own, string Other)> pairs)
    {
        Pairs = pairs;
        patterns = [.. pairs.Select(pair => (new NumberPattern(pair.Own), new NumberPattern(pair.Other)))];
        foreach (var (own, other) in patterns)
            if (own.Count != other.Count)
                throw new ArgumentException($"'{own}' and '{other}' differ in their number of {{}}", nameof(pairs));
    }

    /// <summary>The table.</summary>
    public IReadOnlyList<(string Own, string Other)> Pairs { get; }

    /// <summary>The other spelling of an own path; null where no pattern fits it.</summary>
    public string? ToOther(string own)
    {
        foreach (var pattern in patterns)
            if (pattern.Own.NumbersIn(own) is { } numbers) return pattern.Other.With(numbers);
        return null;
    }

    /// <summary>The own path of another spelling; null where no pattern fits it.</summary>
    public string? ToOwn(string other)
    {
        foreach (var pattern in patterns)
            if (pattern.Other.NumbersIn(other) is { } numbers) return pattern.Own.With(numbers);
        return null;
    }

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
}
