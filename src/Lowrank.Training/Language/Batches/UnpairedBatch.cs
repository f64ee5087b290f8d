namespace Lowrank.Training;

/// <summary>Answers that are good or bad by themselves, and, for the estimate of the divergence, prompts with answers that are not
/// theirs.</summary>
/// <param name="Rows">The rows, (rows, length).</param>
/// <param name="Mismatched">As many rows, each prompt with another row's answer; null where the objective needs none.</param>
/// <param name="Wanted">Whether each answer is a good one, (rows), bool.</param>
public sealed record UnpairedBatch(LanguageBatch Rows, LanguageBatch? Mismatched, Tensor Wanted) : IDisposable
{
    /// <summary>Disposes of all its tensors.</summary>
    public void Dispose()
    {
        Rows.Dispose();
        Mismatched?.Dispose();
        Wanted.Dispose();
    }
}
