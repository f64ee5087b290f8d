namespace Lowrank.Training;

/// <summary>A head that learns, and is looked at on the way.</summary>
/// <param name="task">What is learnt.</param>
/// <param name="look">What is measured after a step.</param>
sealed class HeadTask(LanguageTrainingTask task, Func<int, IReadOnlyDictionary<string, double>> look) : ITrainingTask
{
    public int BatchesPerEpoch => task.BatchesPerEpoch;

    public Tensor Loss(long number) => task.Loss(number);

    public IReadOnlyDictionary<string, double> Measures(int step) => task.Measures(step).Concat(look(step)).ToDictionary();
}
