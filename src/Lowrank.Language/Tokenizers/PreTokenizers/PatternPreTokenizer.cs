namespace Lowrank.Language;

/// <summary>Splits at a pattern: most pre-tokenizers are one.</summary>
sealed class PatternPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(PieceList pieces) => pieces.Split(pattern, behavior, invert);
}
