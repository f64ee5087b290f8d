namespace Lowrank.Language;

/// <summary>Parts one after the other.</summary>
/// <param name="Parts">None is nothing.</param>
public sealed record GrammarSequence(IReadOnlyList<GrammarNode> Parts) : GrammarNode;
