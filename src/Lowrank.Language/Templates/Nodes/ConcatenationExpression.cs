namespace Lowrank.Language;

/// <summary>a ~ b ~ c: all as one text.</summary>
sealed class ConcatenationExpression(TemplatePlace place, IReadOnlyList<TemplateExpression> parts) : TemplateExpression(place, [.. parts])
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        var builder = new TextBuilder();
        foreach (var part in parts)
        {
            var text = PythonTypes.Text(part.Evaluate(run, scope));
            builder.Append(run.EscapesOutput ? HtmlText.Escaped(text) : text);
        }
        return builder.ToText().As(run.EscapesOutput);
    }
}
