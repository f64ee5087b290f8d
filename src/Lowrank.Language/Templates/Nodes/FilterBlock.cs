namespace Lowrank.Language;

/// <summary>{% filter a %}...{% endfilter %}.</summary>
sealed class FilterBlock(TemplatePlace place, TemplateExpression filters, TemplateBody body) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        var text = run.Captured(() => body.Render(run, new TemplateScope(scope)));
        PrintStatement.Write(run, BodyText.Filtered(filters, text, run, scope));
        return TemplateFlow.Next;
    }
}
