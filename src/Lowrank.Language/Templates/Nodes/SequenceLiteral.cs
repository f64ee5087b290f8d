namespace Lowrank.Language;

/// <summary>A list or tuple that is written out.</summary>
sealed class SequenceLiteral(TemplatePlace place, IReadOnlyList<TemplateExpression> items, bool isTuple)
    : TemplateExpression(place, [.. items])
{
    /// <summary>Its items.</summary>
    public IReadOnlyList<TemplateExpression> Items => items;

    /// <summary>Whether it is a tuple.</summary>
    public bool IsTuple => isTuple;

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        var values = new List<object>(items.Count);
        foreach (var item in items) values.Add(item.Evaluate(run, scope));
        return isTuple ? new PythonTuple(values) : values;
    }
}
