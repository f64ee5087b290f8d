namespace Lowrank.Diffusion;

/// <summary>A piece of a prompt's text.</summary>
/// <param name="Text">The text as the tokenizer is to read it, with the blanks around it.</param>
/// <param name="Weight">How much it counts; 1 is plain.</param>
/// <param name="Steps">The steps in which it is said.</param>
public sealed record PromptPiece(string Text, double Weight = 1, StepRange Steps = default);
