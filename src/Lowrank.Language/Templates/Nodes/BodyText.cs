namespace Lowrank.Language;

/// <summary>What stands for the body of {% filter %} and {% set %} in the filters that are put on it.</summary>
sealed class BodyText(TemplatePlace place) : TemplateExpression(place)
{
    /// <summary>The name under which the body stands in its scope; no template can write it.</summary>
    public const string Name = "\0body";

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope) => scope.Find(Name)!;

    /// <summary>The text with the filters put on it.</summary>
    public static object Filtered(TemplateExpression filters, MarkedText body, TemplateRun run, TemplateScope scope)
    {
        var inner = new TemplateScope(scope);
        inner.Set(Name, body);
        return filters.Evaluate(run, inner);
    }
}
