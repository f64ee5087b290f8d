namespace Lowrank.Language;

/// <summary>Python's dict: keys of any kind, in the order in which they came.</summary>
sealed class PythonDict
{
    readonly OrderedDictionary<object, object> entries = new(PythonEquality.Comparer);

    /// <summary>Number of keys.</summary>
    public int Count => entries.Count;

    /// <summary>The keys.</summary>
    public IEnumerable<object> Keys => entries.Keys;

    /// <summary>The values.</summary>
    public IEnumerable<object> Values => entries.Values;

    /// <summary>Keys with their values.</summary>
    public IEnumerable<KeyValuePair<object, object>> Entries => entries;

    /// <summary>The value of a key; null if it is not there.</summary>
    public object? this[object key] => entries.TryGetValue(key, out var value) ? value : null;

    /// <summary>Sets a value: a key that equals one that is there keeps the old key and its place.</summary>
    public void Set(object key, object value) => entries[key] = value;

    /// <summary>Sets a value that stands before all others; one that is there keeps its place.</summary>
    public void SetFirst(object key, object value)
    {
        if (entries.ContainsKey(key)) entries[key] = value;
        else entries.Insert(0, key, value);
    }

    /// <summary>The same keys and values in another dictionary.</summary>
    public PythonDict Copy()
    {
        var copy = new PythonDict();
        foreach (var (key, value) in entries) copy.Set(key, value);
        return copy;
    }
}
