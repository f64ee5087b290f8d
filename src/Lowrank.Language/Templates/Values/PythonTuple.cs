namespace Lowrank.Language;

/// <summary>Python's tuple.</summary>
/// <param name="items">Its items.</param>
class PythonTuple(IReadOnlyList<object> items)
{
    /// <summary>Its items.</summary>
    public IReadOnlyList<object> Items => items;
}
