namespace Lowrank.Language;

/// <summary>{% set a %}...{% endset %}.</summary>
sealed class SetBlock(
    TemplatePlace place, AssignmentTarget target, TemplateExpression? filters, TemplateBody body) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        var text = run.Captured(() => body.Render(run, new TemplateScope(scope)));
        target.Assign(scope, filters is null ? text : BodyText.Filtered(filters, text, run, scope));
        return TemplateFlow.Next;
    }
}
