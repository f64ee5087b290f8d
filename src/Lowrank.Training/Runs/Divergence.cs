namespace Lowrank.Training;

/// <summary>A loss or a gradient that is no number any more: the run ends, and what was learnt before is kept.</summary>
static class Divergence
{
    /// <summary>Takes a step of the loop; where it diverges, the error says where the last good weights are.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="saving">Keeps what was learnt before.</param>
    /// <param name="first">The step with which the run began.</param>
    /// <exception cref="LowrankException">It diverged.</exception>
    public static TrainingStep StepOrRescue(TrainingLoop loop, RunSaving saving, int first)
    {
        try
        {
            return loop.Next();
        }
        catch (DivergedException error)
        {
            // The parameters are still those of the step before.
            if (loop.Step > first) saving.Rescue(loop.Step, loop.TotalSteps);
            string kept = saving.Last is null ? "Nothing had been saved yet." : $"The last good weights are in {saving.Last}.";
            throw new LowrankException(
                $"training stopped at step {loop.Step + 1}: {error.Message}. {kept} " +
                "A lower learning rate, f32 precision, or a smaller max_grad_norm may help.", error);
        }
    }
}
