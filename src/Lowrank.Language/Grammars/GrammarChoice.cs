namespace Lowrank.Language;

/// <summary>One of several parts.</summary>
/// <param name="Parts">At least one.</param>
public sealed record GrammarChoice(IReadOnlyList<GrammarNode> Parts) : GrammarNode;
