namespace Lowrank.Language;

/// <summary>A piece of a SentencePiece model.</summary>
/// <param name="Text">Its text, spaces as U+2581.</param>
/// <param name="Score">Its score.</param>
/// <param name="Type">What it is. A score of 0 says nothing of that.</param>
readonly record struct SentencePiece(string Text, float Score, SentencePieceType Type);
