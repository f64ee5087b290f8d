namespace Lowrank.Language;

/// <summary>{% with a = b %}...{% endwith %}.</summary>
sealed class WithStatement(
    TemplatePlace place, IReadOnlyList<(AssignmentTarget Target, TemplateExpression Value)> given, TemplateBody body)
    : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        var inner = new TemplateScope(scope);
        foreach (var (target, value) in given) target.Assign(inner, value.Evaluate(run, scope));
        return body.Render(run, inner);
    }
}
