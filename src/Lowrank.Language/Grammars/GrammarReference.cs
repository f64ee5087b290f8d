namespace Lowrank.Language;

/// <summary>What a rule says.</summary>
/// <param name="Name">The rule's name.</param>
public sealed record GrammarReference(string Name) : GrammarNode;
