namespace Lowrank.Language;

/// <summary>Text as it stands in the template.</summary>
sealed class DataStatement(TemplatePlace place, string text) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        run.Output.Append(text);
        return TemplateFlow.Next;
    }
}
