namespace Lowrank.Language;

/// <summary>{% if %} and what belongs to it.</summary>
/// <param name="place">Where it stands.</param>
/// <param name="branches">The if and each elif, with their conditions.</param>
/// <param name="otherwise">What is done where none of them holds.</param>
sealed class IfStatement(TemplatePlace place, IReadOnlyList<IfStatement.Branch> branches, TemplateBody otherwise) : TemplateStatement(place)
{
    /// <summary>What is done where a condition holds.</summary>
    /// <param name="Place">Where its if or elif stands.</param>
    /// <param name="Condition">The condition.</param>
    /// <param name="Body">What is done.</param>
    public sealed record Branch(TemplatePlace Place, TemplateExpression Condition, TemplateBody Body);

    /// <inheritdoc/>
    public override TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        foreach (var branch in branches)
            if (Holds(branch, run, scope)) return branch.Body.Render(run, scope);
        return otherwise.Render(run, scope);
    }

    static bool Holds(Branch branch, TemplateRun run, TemplateScope scope)
    {
        try
        {
            return branch.Condition.Holds(run, scope);
        }
        catch (TemplateFault fault) when (fault.Line == 0)
        {
            throw Placed(fault, run, branch.Place);
        }
    }
}
