namespace Lowrank.Diffusion;

/// <summary>A text and when it begins to be said.</summary>
/// <param name="From">The evaluation, counted from 0, from which on it is said; it ends where the next one begins.</param>
/// <param name="Text">The text, with the signs in it that weigh words.</param>
public sealed record PromptTurn(int From, string Text);
