namespace Lowrank.Language;

/// <summary>What a chat template leaves out of a conversation.</summary>
public static class TemplateOmissions
{
    /// <summary>A sentence on each text that a rendered conversation does not hold.</summary>
    /// <param name="rendered">The conversation as the model reads it.</param>
    /// <param name="message">What the user says.</param>
    /// <param name="system">What the system says; null for nothing.</param>
    public static IEnumerable<string> Of(string rendered, string message, string? system)
    {
        if (system is not null && !Holds(rendered, system)) yield return NoSystem;
        if (!Holds(rendered, message)) yield return "The chat template does not write the message as it stands.";
    }

    /// <summary>What is told where no text says what the system says.</summary>
    internal const string NoSystem = "`system` is not used: the chat template does not write what the system says.";

    // Templates may trim a text.
    internal static bool Holds(string rendered, string text) => rendered.Contains(text.Trim(), StringComparison.Ordinal);
}
