namespace Lowrank.Language;

/// <summary>{% set a = b %}.</summary>
sealed class SetStatement(TemplatePlace place, AssignmentTarget target, TemplateExpression value) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        target.Assign(scope, value.Evaluate(run, scope));
        return TemplateFlow.Next;
    }
}
