namespace Lowrank.Language;

/// <summary>
/// A template that cannot be read, or that ended in a fault: with its name, the line, the column, and the fault as Jinja names it.
/// </summary>
public sealed class TemplateException : LowrankException
{
    internal TemplateException(TemplateFault fault, string template) : base(Told(fault, template), fault) =>
        (Template, Kind, Reason, Line, Column) = (template, fault.Kind, fault.Message, fault.Line, fault.Column);

    /// <summary>The template's name.</summary>
    public string Template { get; }

    /// <summary>Python's name of the fault, as UndefinedError; TemplateError where the template itself raised it.</summary>
    public string Kind { get; }

    /// <summary>What went wrong, in the words of Jinja or of the template.</summary>
    public string Reason { get; }

    /// <summary>Line of the template, from 1; 0 where none is known.</summary>
    public int Line { get; }

    /// <summary>Column, from 1.</summary>
    public int Column { get; }

    static string Told(TemplateFault fault, string template)
    {
        string place = fault.Line > 0 ? $", line {fault.Line}, column {fault.Column}" : "";
        string said = fault.Kind == TemplateFault.Raised
            ? $"the template refuses this conversation: {fault.Message}"
            : $"{fault.Message} ({fault.Kind})";
        return $"{said}. At {template}{place}.{Advice(fault.Kind)}";
    }

    static string Advice(string kind) => kind switch
    {
        TemplateFault.Undefined => " Is a field missing in a message, or a variable that the template wants?",
        TemplateFault.Raised => " Change the conversation so that it suits the template, or use another template.",
        TemplateFault.Security => " Templates may read values, not change them.",
        _ => "",
    };
}
