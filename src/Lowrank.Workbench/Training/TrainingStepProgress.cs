namespace Lowrank.Workbench;

/// <summary>A step of training, with all that is known of it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Words">It in a few words.</param>
public sealed record TrainingStepProgress(TrainingStep Step, string Words)
    : JobProgress(Stage, Step.Step, Step.TotalSteps, Words, Step.Step == Step.TotalSteps)
{
    /// <summary>The name of the stage in which steps are taken.</summary>
    public new const string Stage = "training";
}
