namespace Lowrank.Diffusion;

/// <summary>Text without signs of its own.</summary>
sealed class PlainSyntax : PromptSyntax
{
    /// <inheritdoc/>
    public override PromptPlan Read(string prompt, int steps) => PromptPlan.Plain(prompt);
}
