using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>A step of training, with all that is known of it.</summary>
/// <param name="Step">The step.</param>
public sealed record TrainingStepProgress(TrainingStep Step)
    : JobProgress(Stage, Step.Step, Step.TotalSteps, Words(Step), Step.Step == Step.TotalSteps)
{
    /// <summary>The name of the stage in which steps are taken.</summary>
    public new const string Stage = "training";

    static string Words(TrainingStep step) => string.Create(CultureInfo.InvariantCulture,
        $"step {step.Step} of {step.TotalSteps}, loss {step.AverageLoss:0.0000}, {step.Seconds:0.00} s a step");
}
