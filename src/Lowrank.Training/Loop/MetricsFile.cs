namespace Lowrank.Training;

/// <summary>
/// Writes a line of JSON for each step: step, epoch, loss, average_loss, gradient_norm, learning_rates, seconds, and measures of rules
/// where there are any.
/// </summary>
public sealed class MetricsFile : ITrainingListener, IDisposable
{
    readonly StreamWriter file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="keepSteps">Steps of an earlier part of the run, whose lines stay; later ones are dropped.</param>
    public MetricsFile(string path, int keepSteps)
    {
        var kept = keepSteps > 0 && File.Exists(path) ? File.ReadLines(path).Take(keepSteps).ToList() : [];
        file = new StreamWriter(path, append: false) { AutoFlush = true };
        foreach (var line in kept) file.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Stepped(TrainingStep step)
    {
        var line = new Dictionary<string, object?>
        {
            ["step"] = step.Step,
            ["epoch"] = step.Epoch,
            ["loss"] = step.Loss,
            ["average_loss"] = step.AverageLoss,
            ["gradient_norm"] = step.GradientNorm,
            ["learning_rates"] = step.LearningRates,
            ["seconds"] = step.Seconds,
        };
        if (step.Measures.Count > 0) line["measures"] = step.Measures;
        file.WriteLine(PlainJson.Text(line, indented: false));
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
