namespace Lowrank.Language;

/// <summary>One character of a class.</summary>
/// <param name="Class">The class.</param>
public sealed record GrammarCharacter(CharacterClass Class) : GrammarNode;
