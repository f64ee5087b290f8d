namespace Lowrank.Workbench;

/// <summary>Texts with their tokens.</summary>
/// <param name="Tokenizer">What the tokenizer was read from.</param>
/// <param name="Texts">The texts.</param>
public sealed record TokenizingReport(string Tokenizer, IReadOnlyList<TokenizedRow> Texts);
