namespace Lowrank.Language;

/// <summary>Several, one after the other.</summary>
sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> preTokenizers) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(PieceList pieces)
    {
        foreach (var preTokenizer in preTokenizers) preTokenizer.Split(pieces);
    }
}
