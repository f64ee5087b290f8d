namespace Lowrank.Language;

/// <summary>{% autoescape a %}...{% endautoescape %}.</summary>
sealed class EscapeStatement(TemplatePlace place, TemplateExpression isOn, TemplateBody body) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        bool outer = run.EscapesOutput;
        run.EscapesOutput = isOn.Holds(run, scope);
        try
        {
            return body.Render(run, new TemplateScope(scope));
        }
        finally
        {
            run.EscapesOutput = outer;
        }
    }
}
