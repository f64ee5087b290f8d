namespace Lowrank.Language;

/// <summary>A place in a grammar and what follows when its alternative ends. Equal ones are one object.</summary>
/// <param name="Position">The element.</param>
/// <param name="Rest">Where it goes on; null for the text's end.</param>
/// <param name="Number">Of its own.</param>
sealed record GrammarFrame(int Position, GrammarFrame? Rest, int Number);
