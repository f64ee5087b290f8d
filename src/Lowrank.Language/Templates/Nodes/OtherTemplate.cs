namespace Lowrank.Language;

/// <summary>{% include %}, {% import %}, {% extends %}: there are no other templates here.</summary>
sealed class OtherTemplate(TemplatePlace place) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope) =>
        throw new TemplateFault(TemplateFault.Type, "no loader for this environment specified");
}
