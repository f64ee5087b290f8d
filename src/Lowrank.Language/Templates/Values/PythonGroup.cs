namespace Lowrank.Language;

/// <summary>A group of the filter groupby: a tuple of what its items have in common and a list of them, by names too.</summary>
sealed class PythonGroup(object grouper, List<object> list) : PythonTuple([grouper, list]), IHasAttributes
{
    /// <inheritdoc/>
    public object? Attribute(string name) => name switch { "grouper" => Items[0], "list" => Items[1], _ => null };
}
