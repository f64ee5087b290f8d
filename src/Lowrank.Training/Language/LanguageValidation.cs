namespace Lowrank.Training;

/// <summary>Rows that are held back from training, and looked at on the way: the same batches every time, every one of them.</summary>
/// <param name="batches">The rows.</param>
/// <param name="every">Steps between looks, 1 or more.</param>
sealed class LanguageValidation(ILanguageBatches batches, int every)
{
    /// <summary>Puts what is trained in or out of training for a look; set where the adapter is.</summary>
    public Action<bool> Train { get; set; } = static _ => { };

    /// <summary>The mean loss over all that counts, where a look is due after this step; else null.</summary>
    public double? Loss(LanguageTrainingTask task, int step) => step % every == 0 ? Loss(task) : null;

    /// <summary>The mean loss over all that counts: each batch weighs as much as tokens of it count.</summary>
    public double Loss(LanguageTrainingTask task)
    {
        double sum = 0, counted = 0;
        Train(false);
        try
        {
            for (int number = 0; number < batches.PerEpoch; number++)
            {
                using var scope = NewDisposeScope();
                double weight = batches.CountedTokens(number);
                sum += weight * task.Looked(batches[number]).Loss.ToDouble();
                counted += weight;
            }
        }
        finally
        {
            Train(true);
        }
        return sum / Math.Max(1, counted);
    }
}
