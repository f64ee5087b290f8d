namespace Lowrank.Language;

/// <summary>{{ a }}.</summary>
sealed class PrintStatement(TemplatePlace place, TemplateExpression value) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        Write(run, value.Evaluate(run, scope));
        return TemplateFlow.Next;
    }

    /// <summary>Writes a value.</summary>
    public static void Write(TemplateRun run, object value)
    {
        var text = PythonTypes.Text(value);
        run.Output.Append(run.EscapesOutput ? HtmlText.Escaped(text) : text);
    }
}
