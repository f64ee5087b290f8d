namespace Lowrank.Training;

/// <summary>How a run ended.</summary>
/// <param name="AdapterPath">The adapter that was written last.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Files">Where everything is.</param>
public sealed record TrainingResult(string AdapterPath, int Steps, int TotalSteps, TrainingFiles Files)
{
    /// <summary>Whether it was stopped before its end; <c>resume</c> goes on.</summary>
    public bool Stopped => Steps < TotalSteps;
}
