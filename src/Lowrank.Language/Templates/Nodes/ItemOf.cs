namespace Lowrank.Language;

/// <summary>a[b].</summary>
sealed class ItemOf(TemplatePlace place, TemplateExpression owner, TemplateExpression key) : TemplateExpression(place, owner, key)
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object its = owner.Evaluate(run, scope), at = key.Evaluate(run, scope);
        Note(run);
        return Attributes.Item(its, at);
    }
}
