namespace Lowrank.Training;

/// <summary>Rows that are held back from training, and looked at on the way: the same batches every time, every one of them.</summary>
/// <param name="batches">The rows.</param>
/// <param name="every">Steps between looks, 1 or more.</param>
/// <param name="weighsRows">Whether a batch's loss weighs as much as it has rows, as preferences do; else as tokens of it count.</param>
sealed class LanguageValidation(ILanguageBatches batches, int every, bool weighsRows = false)
{
    /// <summary>Puts what is trained in or out of training for a look; set where the adapter is.</summary>
    public Action<bool> Train { get; set; } = static _ => { };

    /// <summary>What is told of them where a look is due after this step; else nothing.</summary>
    public IReadOnlyDictionary<string, double> Measures(LanguageTrainingTask task, int step) =>
        step % every == 0 ? Measures(task) : new Dictionary<string, double>();

    /// <summary>The mean loss over all that counts, and plain means of what batches tell, as TRL has them, under <c>eval_</c>.</summary>
    public IReadOnlyDictionary<string, double> Measures(LanguageTrainingTask task)
    {
        double sum = 0, counted = 0;
        var told = new Dictionary<string, List<double>>();
        Train(false);
        try
        {
            for (int number = 0; number < batches.PerEpoch; number++)
            {
                using var scope = NewDisposeScope();
                var examples = batches[number];
                double weight = weighsRows ? examples.Rows.Ids.shape[0] : batches.CountedTokens(number);
                var looked = task.Looked(examples);
                sum += weight * looked.Loss.ToDouble();
                counted += weight;
                foreach (var (name, value) in looked.Metrics)
                    (told.TryGetValue(name, out var values) ? values : told[name] = []).Add(value);
            }
        }
        finally
        {
            Train(true);
        }
        var measures = told.ToDictionary(one => $"eval_{one.Key}", one => one.Value.Average());
        measures["eval_loss"] = sum / Math.Max(1, counted);
        return measures;
    }
}
