namespace Lowrank.Language;

/// <summary>A dict that is written out.</summary>
sealed class MappingLiteral(
    TemplatePlace place, IReadOnlyList<(TemplateExpression Key, TemplateExpression Value)> entries)
    : TemplateExpression(place, [.. entries.Select(entry => entry.Key), .. entries.Select(entry => entry.Value)])
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        var dict = new PythonDict();
        foreach (var (key, value) in entries)
        {
            object its = key.Evaluate(run, scope);
            Note(run);
            dict.Set(its, value.Evaluate(run, scope));
        }
        return dict;
    }
}
