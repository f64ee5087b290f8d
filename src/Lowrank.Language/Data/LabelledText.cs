namespace Lowrank.Language;

/// <summary>A text, or a pair, with the label that is right.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="First">The text.</param>
/// <param name="Second">The other of a pair; null where there is none.</param>
/// <param name="Label">The class's number, or the score of a regression.</param>
public sealed record LabelledText(int Number, string First, string? Second, double Label);
