namespace Lowrank.Language;

/// <summary>How a Unigram model weighs its pieces.</summary>
/// <param name="UnknownId">The id for what no piece stands for, or −1.</param>
/// <param name="FallsBackToBytes">Whether what is unknown becomes the tokens of its bytes.</param>
/// <param name="IsSingle">Whether scores are summed in float32, as SentencePiece does, or in float64, as Hugging Face's tokenizers
/// do.</param>
/// <param name="Hidden">Ids that no text becomes: control tokens, bytes, unused pieces.</param>
/// <param name="UserDefined">Ids of pieces that win against all others.</param>
/// <param name="LowestScore">The lowest score of a normal piece, or null to take the lowest of all.</param>
sealed record UnigramOptions(
    int UnknownId, bool FallsBackToBytes, bool IsSingle, IReadOnlySet<int> Hidden, IReadOnlySet<int> UserDefined, double? LowestScore);
