namespace Lowrank.Language;

/// <summary>Kinds of a template's tokens.</summary>
enum TemplateTokenKind
{
    /// <summary>Text outside of braces.</summary>
    Data,
    /// <summary>{{.</summary>
    PrintBegin,
    /// <summary>}}.</summary>
    PrintEnd,
    /// <summary>{%.</summary>
    StatementBegin,
    /// <summary>%}.</summary>
    StatementEnd,
    /// <summary>A name.</summary>
    Name,
    /// <summary>A whole number.</summary>
    Integer,
    /// <summary>Another number.</summary>
    Float,
    /// <summary>A text in quotes.</summary>
    String,
    /// <summary>An operator.</summary>
    Operator,
    /// <summary>The end of the template.</summary>
    End,
    /// <summary>What cannot be read; it is a fault once it is reached.</summary>
    Fault,
}
