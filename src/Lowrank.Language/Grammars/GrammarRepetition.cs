namespace Lowrank.Language;

/// <summary>A part several times.</summary>
/// <param name="Part">The part.</param>
/// <param name="Least">How often at least.</param>
/// <param name="Most">How often at most; null for no bound.</param>
public sealed record GrammarRepetition(GrammarNode Part, int Least, int? Most) : GrammarNode;
