namespace Lowrank.Language;

/// <summary>What lazy filters give: items that can be taken once, made when they are asked for.</summary>
/// <param name="items">The items.</param>
/// <param name="kind">Python's name for its kind.</param>
sealed class PythonGenerator(IEnumerable<object> items, string kind = "generator")
{
    readonly IEnumerator<object> rest = items.GetEnumerator();

    /// <summary>Python's name for its kind.</summary>
    public string Kind => kind;

    /// <summary>What is left of it.</summary>
    public IEnumerable<object> Rest
    {
        get
        {
            while (HasNext()) yield return rest.Current;
        }
    }

    // Lazy filters stand over lazy filters, and each asks the one below.
    bool HasNext()
    {
        using var level = ValueLevel.Enter();
        return rest.MoveNext();
    }
}
