namespace Lowrank.Language;

/// <summary>A stretch of a text and what wrote it.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="End">The unit behind the last.</param>
/// <param name="Origin">What wrote it.</param>
public readonly record struct TextMark(int Start, int End, TextOrigin Origin);
