namespace Lowrank.Language;

/// <summary>What went wrong in a template, with its place as soon as it is known; a TemplateException tells it outside.</summary>
sealed class TemplateFault(string kind, string reason) : Exception(reason)
{
    /// <summary>Names of faults as Python and Jinja have them.</summary>
    public const string Type = "TypeError", Value = "ValueError", Undefined = "UndefinedError", Security = "SecurityError",
        Syntax = "TemplateSyntaxError", Assertion = "TemplateAssertionError", Runtime = "TemplateRuntimeError", Raised = "TemplateError",
        Overflow = "OverflowError", Division = "ZeroDivisionError", Argument = "FilterArgumentError",
        Key = "KeyError", Index = "IndexError", Recursion = "RecursionError", Memory = "MemoryError", Assert = "AssertionError";

    /// <summary>Name of the fault.</summary>
    public string Kind => kind;

    /// <summary>Line from 1; 0 while the place is not known.</summary>
    public int Line { get; private set; }

    /// <summary>Column from 1.</summary>
    public int Column { get; private set; }

    /// <summary>Notes the place, unless one nearer to the fault is known.</summary>
    public TemplateFault At(int line, int column)
    {
        if (Line == 0) (Line, Column) = (line, column);
        return this;
    }
}
