namespace Lowrank.Language;

/// <summary>A part of a grammar's rule.</summary>
public abstract record GrammarNode
{
    /// <summary>A text.</summary>
    public static GrammarNode Text(string text) =>
        new GrammarSequence([.. text.EnumerateRunes().Select(rune => (GrammarNode)new GrammarCharacter(CharacterClass.One(rune.Value)))]);

    /// <summary>Parts one after the other.</summary>
    public static GrammarNode Sequence(params IReadOnlyList<GrammarNode> parts) => parts.Count == 1 ? parts[0] : new GrammarSequence(parts);

    /// <summary>One of several parts.</summary>
    public static GrammarNode Choice(params IReadOnlyList<GrammarNode> parts) => parts.Count == 1 ? parts[0] : new GrammarChoice(parts);

    /// <summary>Nothing.</summary>
    public static GrammarNode Nothing { get; } = new GrammarSequence([]);
}
