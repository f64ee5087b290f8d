using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>Statements one after the other; faults in them get their place here.</summary>
sealed class TemplateBody(IReadOnlyList<TemplateStatement> statements)
{
    /// <summary>None.</summary>
    public static TemplateBody Empty { get; } = new([]);

    /// <summary>Does them.</summary>
    public TemplateFlow Render(TemplateRun run, TemplateScope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var statement in statements)
        {
            try
            {
                var flow = statement.Render(run, scope);
                if (flow != TemplateFlow.Next) return flow;
            }
            catch (TemplateFault fault) when (fault.Line == 0)
            {
                throw TemplateStatement.Placed(fault, run, statement.Place);
            }
        }
        return TemplateFlow.Next;
    }
}
