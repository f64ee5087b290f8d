namespace Lowrank.Language;

/// <summary>{% call a() %}...{% endcall %}: the body is what the macro has as caller().</summary>
sealed class CallBlock(TemplatePlace place, CallExpression call, MacroDefinition body) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        PrintStatement.Write(run, call.Invoke(run, scope, new Macro(body, scope)));
        return TemplateFlow.Next;
    }
}
