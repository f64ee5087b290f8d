namespace Lowrank.Diffusion;

/// <summary>A line of a label, which may wrap.</summary>
/// <param name="Text">Plain text.</param>
/// <param name="IsStruck">Whether it is grey and struck through: what a picture does not have.</param>
public readonly record struct LabelLine(string Text, bool IsStruck = false);
