namespace Lowrank.Language;

/// <summary>a | filter(b).</summary>
/// <param name="place">Where it stands.</param>
/// <param name="value">What is filtered.</param>
/// <param name="name">The filter's name.</param>
/// <param name="filter">The filter; null if there is none of that name.</param>
/// <param name="arguments">Its arguments.</param>
sealed class FilterExpression(
    TemplatePlace place, TemplateExpression value, string name, TemplateFilter? filter, ArgumentList arguments)
    : TemplateExpression(place, [value, .. arguments.All])
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object its = value.Evaluate(run, scope);
        var given = arguments.Evaluate(run, scope);
        Note(run);
        if (filter is null) throw new TemplateFault(TemplateFault.Runtime, $"No filter named {PythonRepr.Of(name)} found.");
        return filter.Apply(run, its, given);
    }
}
