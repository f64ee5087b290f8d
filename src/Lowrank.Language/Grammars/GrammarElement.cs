namespace Lowrank.Language;

/// <summary>A step of a compiled rule: a character, another rule, or the end of an alternative.</summary>
/// <param name="Class">The character's class; null where it is none.</param>
/// <param name="Rule">The other rule's number; −1 where it is none.</param>
readonly record struct GrammarElement(CharacterClass? Class, int Rule)
{
    internal static GrammarElement End { get; } = new(null, -1);

    internal bool IsEnd => Class is null && Rule < 0;
}
