namespace Lowrank.Torch;

/// <summary>The learning rate at a step after the warm-up, counted from 0 at the run's beginning.</summary>
/// <param name="schedule">Base rate, steps of the run and of its warm-up.</param>
/// <param name="step">The step.</param>
public delegate double LearningRateCurve(LearningRateSchedule schedule, int step);
