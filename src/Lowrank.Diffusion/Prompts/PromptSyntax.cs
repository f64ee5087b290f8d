namespace Lowrank.Diffusion;

/// <summary>How a prompt is written: reads what a user typed into a plan.</summary>
public abstract class PromptSyntax
{
    /// <summary>Text without signs of its own: every character is said, in every step.</summary>
    public static PromptSyntax Plain { get; } = new PlainSyntax();

    /// <summary>The plan of a prompt.</summary>
    /// <param name="prompt">What the user typed.</param>
    /// <param name="steps">Number of the run's steps, for syntaxes that name a share of them.</param>
    public abstract PromptPlan Read(string prompt, int steps);
}
