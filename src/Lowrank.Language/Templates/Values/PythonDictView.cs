namespace Lowrank.Language;

/// <summary>What keys(), values() and items() of a dict give.</summary>
/// <param name="Kind">keys, values or items.</param>
/// <param name="Of">The dict.</param>
sealed record PythonDictView(string Kind, PythonDict Of)
{
    /// <summary>What it holds.</summary>
    public IEnumerable<object> Items => Kind switch
    {
        "keys" => Of.Keys,
        "values" => Of.Values,
        _ => Of.Entries.Select(entry => (object)new PythonTuple([entry.Key, entry.Value])),
    };
}
