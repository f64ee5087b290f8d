namespace Lowrank.Adapters;

/// <summary>A key taken apart: a layer's name and the ending that tells the part.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Suffix">The ending, as the spelling lists it.</param>
readonly record struct KeyEnd(string Name, string Suffix)
{
    // Words that begin suffixes of any dialect: what ends in one of them is a part and no layer.
    static readonly HashSet<string> partWords =
    [
        .. PeftTypes.All.SelectMany(type => type.Parts).Select(part => part.Suffix).Concat(KohyaParts.All.Select(part => part.Suffix))
            .Select(suffix => suffix.Split('.')[1]).Where(word => word.Contains('_')), "lora",
    ];

    /// <summary>A key in a spelling; null where it has none of its endings.</summary>
    /// <remarks>
    /// The longest ending is meant (<c>.q_layer.weight</c> ends in <c>.weight</c>), in the key itself or in what it is mended to; and what
    /// ends in ".weight" or ".bias" alone is none where a part's word stands before it.
    /// </remarks>
    public static KeyEnd? Of(Spelling spelling, string key)
    {
        var own = Longest(spelling, key);
        var mended = spelling.Mend(key) is { } meant ? Longest(spelling, meant) : null;
        var end = mended is { } other && (own is null || other.Suffix.Length > own.Value.Suffix.Length) ? mended : own;
        return end is { Suffix: ".weight" or ".bias" } whole && EndsInPart(whole.Name) ? null : end;
    }

    static bool EndsInPart(string name) => name.Split('.')[1..].Any(partWords.Contains);

    static KeyEnd? Longest(Spelling spelling, string key)
    {
        var ends = spelling.Suffixes.Select(s => s.Suffix).Where(end => key.EndsWith(end, StringComparison.Ordinal));
        var suffix = ends.MaxBy(end => end.Length);
        return suffix is null || suffix.Length == key.Length ? null : new(key[..^suffix.Length], suffix);
    }
}
