using System.Text;
using System.Text.Json;

namespace Lowrank.Training;

/// <summary>
/// Writes a line of JSON for each step: step, epoch, loss, average_loss, gradient_norm, learning_rates, seconds, and measures of rules
/// where there are any.
/// </summary>
public sealed class MetricsFile : ITrainingListener, IDisposable
{
    readonly FileStream file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="keepSteps">Steps of an earlier part of the run, whose lines stay; later ones are dropped.</param>
    public MetricsFile(string path, int keepSteps)
    {
        string[] kept = keepSteps > 0 && File.Exists(path) ? [.. File.ReadLines(path).Where(line => IsUpTo(line, keepSteps))] : [];
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var line in kept) Write(line);
    }

    // A line that a crash or a full disk cut short is none.
    static bool IsUpTo(string line, int steps)
    {
        try
        {
            using var read = JsonDocument.Parse(line);
            return read.RootElement.GetProperty("step").GetInt32() <= steps;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, say; no half of the line stays.</exception>
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
        Write(PlainJson.Text(line, indented: false));
    }

    void Write(string line)
    {
        long? before = file.CanSeek ? file.Position : null;
        try
        {
            file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (IOException)
        {
            if (before is { } length) file.SetLength(length);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
