namespace Lowrank.Training;

/// <summary>How far a run has come.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record RunProgress(int Step, int TotalSteps, DateTimeOffset StartedAt);
