using System.Diagnostics;

namespace Lowrank.Training;

/// <summary>The one loop: batch → loss → backward → rules → clip → step → rules → events. It knows neither pictures nor text.</summary>
/// <param name="task">Gives losses.</param>
/// <param name="optimizer">Moves the parameters.</param>
/// <param name="rates">The learning rate of each of the optimizer's groups.</param>
/// <param name="totalSteps">Optimizer steps of the whole run.</param>
/// <param name="accumulation">Batches in an optimizer step; their losses are averaged.</param>
/// <param name="maxGradNorm">Largest norm of the gradient; 0 does not clip.</param>
/// <param name="rules">What acts beside the optimizer, in order; null for nothing.</param>
public sealed class TrainingLoop(
    ITrainingTask task, IOptimizer optimizer, IReadOnlyList<LearningRateSchedule> rates, int totalSteps, int accumulation = 1, double maxGradNorm = 1,
    IReadOnlyList<ITrainingRule>? rules = null)
{
    readonly IReadOnlyList<ITrainingRule> rules = rules ?? [];
    readonly Queue<double> recentLosses = [], recentSeconds = [];

    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => Step >= totalSteps;

    /// <summary>Takes one optimizer step.</summary>
    /// <exception cref="NotFiniteException">A loss or the gradient is NaN or infinite; the parameters are those of the step before.</exception>
    public TrainingStep Next()
    {
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        double loss = 0;
        for (int i = 0; i < accumulation; i++)
        {
            using var micro = NewDisposeScope();
            var batch = task.Loss((long)Step * accumulation + i);
            foreach (var rule in rules)
                if (rule.Loss() is { } more) batch = batch + more;
            double value = batch.ToDouble();
            if (!double.IsFinite(value)) throw new NotFiniteException($"the loss of step {Step + 1} is {value}");
            (accumulation == 1 ? batch : batch / accumulation).backward();
            Backward.Rethrow();
            loss += value / accumulation;
        }
        foreach (var rule in rules) rule.Backward(Step);
        double norm = GradientClipping.Clip(optimizer.Groups.SelectMany(g => g.Parameters), maxGradNorm > 0 ? maxGradNorm : double.PositiveInfinity);
        if (!double.IsFinite(norm)) throw new NotFiniteException($"the gradient of step {Step + 1} has the norm {norm}");
        foreach (var (group, rate) in optimizer.Groups.Zip(rates)) group.LearningRate = rate.At(Step);
        optimizer.Step();
        foreach (var rule in rules) rule.Stepped(Step);
        Step++;
        double seconds = clock.Elapsed.TotalSeconds;
        return new TrainingStep(
            Step, totalSteps, (int)((long)(Step - 1) * accumulation / Math.Max(1, task.BatchesPerEpoch)) + 1, loss, Average(recentLosses, loss, 100), norm,
            [.. optimizer.Groups.Select(g => g.LearningRate)], seconds, TimeSpan.FromSeconds(Average(recentSeconds, seconds, 20) * (totalSteps - Step)))
        {
            Measures = rules.SelectMany(rule => rule.Measures).ToDictionary(),
        };
    }

    static double Average(Queue<double> window, double value, int length)
    {
        window.Enqueue(value);
        if (window.Count > length) window.Dequeue();
        return window.Average();
    }
}
