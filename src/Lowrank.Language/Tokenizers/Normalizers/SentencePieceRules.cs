namespace Lowrank.Language;

/// <summary>How a SentencePiece model has its text before it splits it.</summary>
/// <param name="Map">The character map, or null.</param>
/// <param name="DummyPrefix">Where a space goes in front.</param>
/// <param name="RemovesExtraSpaces">Whether spaces at the ends go, and of several in a row all but one.</param>
/// <param name="TreatsSpaceAsSuffix">Whether the added space goes to the end instead.</param>
/// <param name="UserDefined">Pieces that are taken as they stand in the text.</param>
sealed record SentencePieceRules(
    CharacterMap? Map, PrependScheme DummyPrefix, bool RemovesExtraSpaces, bool TreatsSpaceAsSuffix, WordTrie UserDefined);
