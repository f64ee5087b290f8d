namespace Lowrank.Diffusion;

/// <summary>How a prompt says several things, on the way or side by side: reads what a user typed into a plan.</summary>
/// <remarks>What weighs words within a text, and is read where it is encoded, is a matter of <see cref="PromptEncoding"/>.</remarks>
public abstract record PromptSyntax
{
    /// <summary>One text from beginning to end, as in ComfyUI and diffusers.</summary>
    public static PromptSyntax Plain { get; } = new PlainSyntax();

    /// <summary>AUTOMATIC1111's: words that change on the way, and prompts joined by AND.</summary>
    public static PromptSyntax WebUi { get; } = new WebUiSyntax();

    /// <summary>What texts of pictures say of it; nothing of plain ones.</summary>
    public virtual IEnumerable<KeyValuePair<string, string>> InfoFields => [];

    /// <summary>The plan of a prompt.</summary>
    /// <param name="prompt">What the user typed.</param>
    /// <param name="pass">The evaluations that it is for, which syntaxes may name by number or by share.</param>
    public abstract PromptPlan Read(string prompt, PromptPass pass);

    /// <summary>The plan of a negative prompt, which joins nothing.</summary>
    /// <inheritdoc cref="Read"/>
    public abstract PromptPlan ReadNegative(string prompt, PromptPass pass);
}
