namespace Lowrank.Language;

/// <summary>A token of a template.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its text; of a fault the reason.</param>
/// <param name="Place">Where it begins.</param>
readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, TemplatePlace Place)
{
    /// <summary>Whether it is that name.</summary>
    public bool IsName(string name) => Kind == TemplateTokenKind.Name && Text == name;

    /// <summary>Whether it is that operator.</summary>
    public bool IsOperator(string sign) => Kind == TemplateTokenKind.Operator && Text == sign;

    /// <summary>How Jinja calls it in faults.</summary>
    public string Told => Kind is TemplateTokenKind.Name or TemplateTokenKind.Operator ? Text : NameOf(Kind);

    /// <summary>How Jinja calls a kind in faults.</summary>
    public static string NameOf(TemplateTokenKind kind) => kind switch
    {
        TemplateTokenKind.Data => "template data / text",
        TemplateTokenKind.PrintBegin => "begin of print statement",
        TemplateTokenKind.PrintEnd => "end of print statement",
        TemplateTokenKind.StatementBegin => "begin of statement block",
        TemplateTokenKind.StatementEnd => "end of statement block",
        TemplateTokenKind.Name => "name",
        TemplateTokenKind.Integer => "integer",
        TemplateTokenKind.Float => "float",
        TemplateTokenKind.String => "string",
        _ => "end of template",
    };
}
