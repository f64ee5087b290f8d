namespace Lowrank.Language;

/// <summary>What writes or does something.</summary>
/// <param name="place">Where it stands.</param>
abstract class TemplateStatement(TemplatePlace place)
{
    /// <summary>Where it stands.</summary>
    public TemplatePlace Place => place;

    /// <summary>A fault of an expression in a statement: the line is the statement's, as Jinja tells it; the column the expression's, where
    /// it stands on that line.</summary>
    public static TemplateFault Placed(TemplateFault fault, TemplateRun run, TemplatePlace statement) =>
        fault.At(statement.Line, run.Line == statement.Line ? run.Column : statement.Column);

    /// <summary>Does it.</summary>
    public abstract TemplateFlow Render(TemplateRun run, TemplateScope scope);
}
