namespace Lowrank.Language;

/// <summary>A name.</summary>
sealed class VariableExpression(TemplatePlace place, string name) : TemplateExpression(place)
{
    readonly Undefined missing = Undefined.Variable(name);

    /// <summary>The name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope) => scope.Find(name) ?? missing;
}
