using System.Collections;

namespace Lowrank.Formats;

/// <summary>A GGUF file's metadata in its order, and by key. A value of another kind than the one asked for is an error.</summary>
public sealed class GgufMetadata : IReadOnlyList<GgufEntry>
{
    /// <summary>The key of how many bytes tensors are laid to multiples of.</summary>
    public const string AlignmentKey = "general.alignment";

    /// <summary>What it is without that key.</summary>
    public const int DefaultAlignment = 32;

    readonly List<GgufEntry> entries;
    readonly Dictionary<string, GgufEntry> byKey = [];

    /// <summary>Metadata of these entries.</summary>
    /// <exception cref="LowrankException">A key stands twice, or is empty.</exception>
    public GgufMetadata(IEnumerable<GgufEntry> entries)
    {
        this.entries = [.. entries];
        foreach (var entry in this.entries)
        {
            if (entry.Key.Length == 0) throw new LowrankException("a key of GGUF's metadata is empty.");
            if (!byKey.TryAdd(entry.Key, entry))
                throw new LowrankException($"the key '{entry.Key}' is given twice; a GGUF file holds a key once.");
        }
    }

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <inheritdoc/>
    public GgufEntry this[int index] => entries[index];

    /// <summary>The entry of a key; null where there is none.</summary>
    public GgufEntry? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>The text of a key; null where there is none.</summary>
    public string? Text(string key) => Find(key) is { } entry ? entry.Value as string ?? throw Other(entry, "text") : null;

    /// <summary>The whole number of a key, of whatever width; null where there is none.</summary>
    public long? Integer(string key) => Find(key) switch
    {
        null => null,
        { Value: byte value } => value,
        { Value: sbyte value } => value,
        { Value: ushort value } => value,
        { Value: short value } => value,
        { Value: uint value } => value,
        { Value: int value } => value,
        { Value: long value } => value,
        { Value: ulong value and <= long.MaxValue } => (long)value,
        var entry => throw Other(entry, "a whole number"),
    };

    /// <summary>The number of a key, of whatever type; null where there is none.</summary>
    public double? Number(string key) => Find(key)?.Value switch
    {
        float value => value,
        double value => value,
        _ => Integer(key),
    };

    /// <summary>The truth value of a key; null where there is none.</summary>
    public bool? Flag(string key) => Find(key) is { } entry ? entry.Value as bool? ?? throw Other(entry, "true or false") : null;

    /// <summary>The array of a key; null where there is none.</summary>
    public GgufArray? Array(string key) => Find(key) is { } entry ? entry.Value as GgufArray ?? throw Other(entry, "an array") : null;

    /// <inheritdoc/>
    public IEnumerator<GgufEntry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static LowrankException Other(GgufEntry entry, string wanted) =>
        new($"the metadata '{entry.Key}' is {entry.TypeWord} ({entry.Shown}), and {wanted} belongs there.");
}
