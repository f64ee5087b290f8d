namespace Lowrank.Diffusion;

/// <summary>A text that AUTOMATIC1111 says up to a step.</summary>
/// <param name="Until">The last step, counted from 1.</param>
/// <param name="Text">The text.</param>
public readonly record struct ScheduledText(int Until, string Text);
