namespace Lowrank.Diffusion;

/// <summary>A stretch of a prompt and how much it counts.</summary>
/// <param name="Text">The text, without the signs that weigh it.</param>
/// <param name="Weight">1 is plain.</param>
public sealed record WeightedText(string Text, double Weight);
