namespace Lowrank.Training;

/// <summary>One optimizer step.</summary>
/// <param name="Step">Steps done, this one included.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">Passes over the data begun.</param>
/// <param name="Loss">Mean loss of the step's batches.</param>
/// <param name="AverageLoss">Mean of the last 100 steps' losses.</param>
/// <param name="GradientNorm">Norm of the gradient before clipping.</param>
/// <param name="LearningRates">Rate of each group.</param>
/// <param name="Seconds">Time of the step.</param>
public sealed record TrainingStep(
    int Step, int TotalSteps, int Epoch, double Loss, double AverageLoss, double GradientNorm, IReadOnlyList<double> LearningRates,
    double Seconds)
{
    /// <summary>What rules beside the optimizer and the task tell: "max_norm/keys_scaled" and the like.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();
}
