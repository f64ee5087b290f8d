namespace Lowrank.Training;

/// <summary>Pairs of answers of which one is the better: the chosen rows first, then the rejected ones in the same order.</summary>
/// <param name="Rows">All rows, (2 x pairs, length).</param>
/// <param name="Margins">By how much each chosen answer is the better, (pairs), float32; null where the data do not tell.</param>
public sealed record PreferenceBatch(LanguageBatch Rows, Tensor? Margins = null) : IDisposable
{
    /// <summary>How many pairs.</summary>
    public long Pairs => Rows.Ids.shape[0] / 2;

    /// <summary>Disposes of all its tensors.</summary>
    public void Dispose()
    {
        Rows.Dispose();
        Margins?.Dispose();
    }
}
