namespace Lowrank.Language;

/// <summary>{% block a %}...{% endblock %}: a body that can be had again as self.a().</summary>
/// <param name="place">Where it stands.</param>
/// <param name="body">What it writes.</param>
/// <param name="isScoped">Whether it sees the variables of the loop around it.</param>
sealed class BlockStatement(TemplatePlace place, TemplateBody body, bool isScoped) : TemplateStatement(place)
{
    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        body.Render(run, new TemplateScope(isScoped ? scope : scope.Outermost));
        return TemplateFlow.Next;
    }
}
