namespace Lowrank.Language;

/// <summary>A JSON schema as a grammar, and what of the schema it does not hold answers to.</summary>
/// <param name="Grammar">The grammar.</param>
/// <param name="Notes">What is not held, with its place.</param>
public sealed record SchemaGrammar(Grammar Grammar, IReadOnlyList<string> Notes);
