namespace Lowrank.Language;

/// <summary>a.b.</summary>
sealed class AttributeOf(TemplatePlace place, TemplateExpression owner, string name) : TemplateExpression(place, owner)
{
    readonly MarkedText key = name;

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object its = owner.Evaluate(run, scope);
        Note(run);
        return Attributes.Get(its, key);
    }
}
