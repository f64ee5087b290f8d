namespace Lowrank.Training;

/// <summary>Is told what a run does. Every method may be left out.</summary>
public interface ITrainingListener
{
    /// <summary>A part of the preparation has come so far: "encoding pictures", 12 of 40.</summary>
    void Prepared(string what, int done, int total) { }

    /// <summary>Something the user should know, though the run goes on.</summary>
    void Warned(string message) { }

    /// <summary>The steps begin.</summary>
    void Started(TrainingStarted started) { }

    /// <summary>An optimizer step is done.</summary>
    void Stepped(TrainingStep step) { }

    /// <summary>A file was written.</summary>
    void Saved(string path) { }
}

/// <summary>What is known when the steps begin.</summary>
/// <param name="FirstStep">Steps done before, by the run that is resumed.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Pictures">Number of pictures.</param>
/// <param name="Targets">Adapted layers.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="Precision">In which dtype the network is computed.</param>
public sealed record TrainingStarted(int FirstStep, int TotalSteps, int Pictures, int Targets, long Parameters, ScalarType Precision);

/// <summary>One optimizer step.</summary>
/// <param name="Step">Steps done, this one included.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">Passes over the data begun.</param>
/// <param name="Loss">Mean loss of the step's batches.</param>
/// <param name="AverageLoss">Mean of the last 100 steps' losses.</param>
/// <param name="GradientNorm">Norm of the gradient before clipping.</param>
/// <param name="LearningRates">Rate of each group.</param>
/// <param name="Seconds">Time of the step.</param>
/// <param name="Remaining">Estimate of the time to the end.</param>
public sealed record TrainingStep(
    int Step, int TotalSteps, int Epoch, double Loss, double AverageLoss, double GradientNorm, IReadOnlyList<double> LearningRates, double Seconds, TimeSpan Remaining)
{
    /// <summary>What rules beside the optimizer tell: "max_norm/keys_scaled" and the like.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();
}
