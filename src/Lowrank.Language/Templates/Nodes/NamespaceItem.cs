namespace Lowrank.Language;

/// <summary>a.b as the target of {% set %}.</summary>
sealed class NamespaceItem(TemplatePlace place, string space, string name) : TemplateExpression(place)
{
    /// <summary>The namespace's name.</summary>
    public string Space => space;

    /// <summary>The attribute's name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope) => throw new InvalidOperationException("a target has no value");
}
