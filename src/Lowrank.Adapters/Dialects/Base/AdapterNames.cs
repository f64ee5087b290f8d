namespace Lowrank.Adapters;

/// <summary>Adapters' names inside of keys, as a running model has them: <c>lora_A.default.weight</c> for <c>lora_A.weight</c>.</summary>
/// <param name="suffixes">The suffixes of keys without a name.</param>
sealed class AdapterNames(IEnumerable<string> suffixes)
{
    // .lora_A.weight is ".lora_A.", the adapter's name, and ".weight". Made for the first key that is to be mended: most files have none.
    readonly Lazy<List<(string Suffix, string Head, string Tail)>> pieces = new(() => [.. suffixes.Select(Pieces)]);

    static (string Suffix, string Head, string Tail) Pieces(string suffix)
    {
        int second = suffix.IndexOf('.', 1);
        return second > 0 ? (suffix, suffix[..(second + 1)], suffix[second..]) : (suffix, suffix + ".", "");
    }

    /// <summary>A key without the adapter's name in it; null for a key that has none.</summary>
    public string? Without(string key)
    {
        foreach (var (suffix, head, tail) in pieces.Value)
        {
            int at = key.LastIndexOf(head, StringComparison.Ordinal);
            if (at < 0 || !key.EndsWith(tail, StringComparison.Ordinal) || key.Length <= at + head.Length + tail.Length) continue;
            if (!key.AsSpan()[(at + head.Length)..^tail.Length].Contains('.')) return key[..at] + suffix;
        }
        return null;
    }
}
