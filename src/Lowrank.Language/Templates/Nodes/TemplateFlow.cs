namespace Lowrank.Language;

/// <summary>How a statement ended.</summary>
enum TemplateFlow
{
    /// <summary>The next one follows.</summary>
    Next,
    /// <summary>The round of the loop is over.</summary>
    Continue,
    /// <summary>The loop is over.</summary>
    Break,
}
