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
    ITrainingTask task, IOptimizer optimizer, IReadOnlyList<LearningRateSchedule> rates, int totalSteps, int accumulation = 1,
    double maxGradNorm = 1, IReadOnlyList<ITrainingRule>? rules = null)
{
    const int AveragedSteps = 100;

    readonly IReadOnlyList<ITrainingRule> rules = rules ?? [];
    readonly Queue<double> recentLosses = [];

    /// <summary>Losses of the last steps, over which the average is taken; a run that goes on is given those of the run before.</summary>
    public IReadOnlyList<double> RecentLosses
    {
        get => [.. recentLosses];
        set
        {
            recentLosses.Clear();
            foreach (double loss in value) recentLosses.Enqueue(loss);
        }
    }

    /// <summary>Which norm of the gradient is limited: 2, 1 or infinity.</summary>
    public double GradNormType { get; init; } = 2;

    /// <summary>Largest magnitude of a number of the gradient, before its norm is limited; 0 does not clip.</summary>
    public double MaxGradValue { get; init; }

    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>Optimizer steps of the whole run.</summary>
    public int TotalSteps => totalSteps;

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => Step >= totalSteps;

    /// <summary>Takes one optimizer step.</summary>
    /// <exception cref="DivergedException">A loss or the gradient is NaN or infinite; the parameters are those of the step
    /// before.</exception>
    public TrainingStep Next()
    {
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        double loss = 0;
        for (int i = 0; i < accumulation; i++) loss += Learn((long)Step * accumulation + i) / accumulation;
        foreach (var rule in rules) rule.Backward(Step);
        double norm = Clipped();
        foreach (var (group, rate) in optimizer.Groups.Zip(rates)) group.LearningRate = rate.At(Step);
        optimizer.Step();
        foreach (var rule in rules) rule.Stepped(Step);
        Step++;
        return Report(loss, norm, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Whether the parameters as they are give a loss that is a number, on one of the next batches at least.</summary>
    public bool IsSound()
    {
        using var grad = no_grad();
        return Enumerable.Range(0, 3).Any(ahead =>
        {
            using var scope = NewDisposeScope();
            return double.IsFinite(task.Loss((long)Step * accumulation + ahead).ToDouble());
        });
    }

    // One batch's part of the gradient; gives its loss.
    double Learn(long number)
    {
        using var scope = NewDisposeScope();
        var loss = task.Loss(number);
        foreach (var rule in rules)
            if (rule.Loss() is { } more) loss = loss + more;
        double value = loss.ToDouble();
        if (!double.IsFinite(value)) throw new DivergedException($"the loss of step {Step + 1} is {PlainValue.Text(value)}");
        (accumulation == 1 ? loss : loss / accumulation).backward();
        Backward.Rethrow();
        return value;
    }

    // The gradient's norm before it is clipped.
    double Clipped()
    {
        double limit = maxGradNorm > 0 ? maxGradNorm : double.PositiveInfinity;
        var parameters = optimizer.Groups.SelectMany(g => g.Parameters).ToList();
        if (MaxGradValue > 0) GradientClipping.ClipValues(parameters, MaxGradValue);
        double norm = GradientClipping.Clip(parameters, limit, maxGradNorm > 0 ? GradNormType : 2);
        if (double.IsFinite(norm)) return norm;
        throw new DivergedException($"the gradient of step {Step + 1} has the norm {PlainValue.Text(norm)}");
    }

    TrainingStep Report(double loss, double norm, double seconds)
    {
        long begun = (long)(Step - 1) * accumulation / Math.Max(1, task.BatchesPerEpoch);
        return new TrainingStep(
            Step, totalSteps, (int)begun + 1, loss, AverageWith(loss), norm, [.. optimizer.Groups.Select(g => g.LearningRate)], seconds)
        {
            Measures = rules.SelectMany(rule => rule.Measures).Concat(task.Measures(Step)).ToDictionary(),
        };
    }

    double AverageWith(double loss)
    {
        recentLosses.Enqueue(loss);
        if (recentLosses.Count > AveragedSteps) recentLosses.Dequeue();
        return recentLosses.Average();
    }
}
