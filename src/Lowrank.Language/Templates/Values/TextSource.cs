namespace Lowrank.Language;

/// <summary>Where a stretch of a rendered text came from.</summary>
public enum TextSource
{
    /// <summary>A message of the conversation: its content, name, calls, thoughts.</summary>
    Message,
    /// <summary>The tools that were passed.</summary>
    Tools,
    /// <summary>The documents that were passed.</summary>
    Documents,
    /// <summary>Partly from one of these, where a filter has rewritten the text so that the borders are no longer known.</summary>
    Unknown,
    /// <summary>Not where it came from but what it is: text between {% generation %} and {% endgeneration %}.</summary>
    Generation,
}
