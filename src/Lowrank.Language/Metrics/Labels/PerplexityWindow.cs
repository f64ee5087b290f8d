namespace Lowrank.Language;

/// <summary>A part of a text that is read at once.</summary>
/// <param name="Start">Its first token in the text.</param>
/// <param name="Length">Tokens in it.</param>
/// <param name="FirstCounted">Its first token that counts, from the window's start; those before it are only looked at.</param>
public readonly record struct PerplexityWindow(int Start, int Length, int FirstCounted);
