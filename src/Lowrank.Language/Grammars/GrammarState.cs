namespace Lowrank.Language;

/// <summary>All the places in a grammar that a text may stand at. Equal ones are one object of a <see cref="GrammarMachine"/>.</summary>
/// <param name="Frames">Places at characters.</param>
/// <param name="MayEnd">Whether the text may end.</param>
sealed record GrammarState(IReadOnlyList<GrammarFrame> Frames, bool MayEnd)
{
    internal Dictionary<int, GrammarState?> Following { get; } = [];
}
