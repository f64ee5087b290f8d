namespace Lowrank.Language;

/// <summary>{% macro a(b) %}...{% endmacro %}.</summary>
sealed class MacroStatement(TemplatePlace place, MacroDefinition definition) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        scope.Set(definition.Name, new Macro(definition, scope));
        return TemplateFlow.Next;
    }
}
