namespace Lowrank.Workbench;

/// <summary>A text with its tokens.</summary>
/// <param name="Text">The text; of a message what the template made of it.</param>
/// <param name="Tokens">The tokens.</param>
public sealed record TokenizedRow(string Text, IReadOnlyList<ShownToken> Tokens);
