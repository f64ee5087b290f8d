namespace Lowrank.Language;

/// <summary>A text, or a pair, with a label as it is written.</summary>
/// <param name="First">The text.</param>
/// <param name="Second">The other of a pair; null where there is none.</param>
/// <param name="Label">The label's words, or its number.</param>
public sealed record LabelledExample(string First, string? Second, string Label);
