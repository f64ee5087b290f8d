namespace Lowrank.Language;

/// <summary>Several names, each of which gets one of a value's items.</summary>
sealed class TupleTarget(IReadOnlyList<AssignmentTarget?> parts) : AssignmentTarget
{
    /// <inheritdoc/>
    public override void Assign(TemplateScope scope, object value)
    {
        var items = PythonTypes.ItemsOrNull(value) ??
            throw new TemplateFault(TemplateFault.Type, $"cannot unpack non-iterable {PythonTypes.Name(value)} object");
        var taken = items.Take(parts.Count + 1).ToList();
        if (taken.Count > parts.Count) throw new TemplateFault(TemplateFault.Value, $"too many values to unpack (expected {parts.Count})");
        if (taken.Count < parts.Count)
            throw new TemplateFault(TemplateFault.Value, $"not enough values to unpack (expected {parts.Count}, got {taken.Count})");
        for (int i = 0; i < parts.Count; i++) parts[i]!.Assign(scope, taken[i]);
    }
}
