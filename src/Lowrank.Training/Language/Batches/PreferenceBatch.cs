namespace Lowrank.Training;

/// <summary>Pairs of answers, of which one is preferred.</summary>
/// <param name="Rows">The chosen answers of all pairs, then the rejected ones in the same order: (2B, T).</param>
public sealed record PreferenceBatch(LanguageBatch Rows) : IDisposable
{
    /// <summary>How many pairs it holds, B.</summary>
    public long Pairs => Rows.Ids.shape[0] / 2;

    /// <summary>Frees its tensors.</summary>
    public void Dispose() => Rows.Dispose();
}
