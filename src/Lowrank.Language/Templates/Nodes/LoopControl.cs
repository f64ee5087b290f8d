namespace Lowrank.Language;

/// <summary>{% break %} and {% continue %}.</summary>
sealed class LoopControl(TemplatePlace place, TemplateFlow flow) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope) => flow;
}
