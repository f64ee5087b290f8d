namespace Lowrank.Diffusion;

/// <summary>Text without signs of its own.</summary>
sealed record PlainSyntax : PromptSyntax
{
    /// <inheritdoc/>
    public override PromptPlan Read(string prompt, PromptPass pass) => PromptPlan.Plain(prompt);

    /// <inheritdoc/>
    public override PromptPlan ReadNegative(string prompt, PromptPass pass) => PromptPlan.Plain(prompt);
}
