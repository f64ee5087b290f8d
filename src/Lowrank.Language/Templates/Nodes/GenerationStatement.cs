namespace Lowrank.Language;

/// <summary>{% generation %}...{% endgeneration %}: what the assistant wrote.</summary>
sealed class GenerationStatement(TemplatePlace place, TemplateBody body) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        int start = run.Output.Length;
        body.Render(run, new TemplateScope(scope));
        run.Output.Mark(start, run.Output.Length, new(TextSource.Generation));
        return TemplateFlow.Next;
    }
}
