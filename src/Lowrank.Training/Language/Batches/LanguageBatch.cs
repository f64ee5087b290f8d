namespace Lowrank.Training;

/// <summary>Rows of tokens that are learnt in one go, filled up to one length.</summary>
/// <param name="Ids">The tokens' ids, (rows, length), int64.</param>
/// <param name="Mask">1 where a token is and 0 where the row is filled up, (rows, length), int64.</param>
/// <param name="Labels">What is to be predicted, (rows, length), int64: a token's own id at its own place, which the loss moves by one;
/// -100 where nothing counts.</param>
/// <param name="Positions">The tokens' positions, (rows, length), int64, where they do not follow from the mask.</param>
/// <param name="Documents">Numbers from 1 of the documents that share a row, (rows, length), int64; attention does not look from one into
/// another. Null where a row is one document.</param>
/// <param name="Segments">0 for the first text of a pair and 1 for the second, (rows, length), int64; null for one text.</param>
public sealed record LanguageBatch(
    Tensor Ids, Tensor Mask, Tensor Labels, Tensor? Positions = null, Tensor? Documents = null, Tensor? Segments = null) : IDisposable
{
    /// <summary>What a label is where nothing counts.</summary>
    public const int NoLabel = -100;

    /// <summary>Disposes of all its tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { Ids, Mask, Labels, Positions, Documents, Segments }) tensor?.Dispose();
    }
}
