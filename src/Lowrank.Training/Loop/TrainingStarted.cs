namespace Lowrank.Training;

/// <summary>What is known when the steps begin.</summary>
/// <param name="FirstStep">Steps done before, by the run that is resumed.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Examples">Number of examples that are learnt from, such as pictures.</param>
/// <param name="Targets">Adapted layers.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="Precision">In which dtype the network is computed.</param>
public sealed record TrainingStarted(int FirstStep, int TotalSteps, int Examples, int Targets, long Parameters, ScalarType Precision);
