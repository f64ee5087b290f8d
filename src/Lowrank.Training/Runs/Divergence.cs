namespace Lowrank.Training;

/// <summary>A loss, a gradient or a weight that is no number any more: the run ends, and what was learnt before is kept.</summary>
static class Divergence
{
    /// <summary>Runs the steps; where they diverge, the error says where the last sound weights are and how to go on.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="loop">The loop that takes them.</param>
    /// <param name="saving">Keeps what was learnt before.</param>
    /// <exception cref="LowrankException">They diverged.</exception>
    public static void Guard(Action steps, TrainingLoop loop, RunSaving saving)
    {
        int first = loop.Step;
        try
        {
            steps();
        }
        catch (Exception error) when (error is DivergedException or SpoiltAdapterException)
        {
            string stopped = $"training stopped at step {StepOf(error, loop)}: {error.Message.TrimEnd('.')}.";
            throw new LowrankException($"{stopped} {Kept(error, loop, saving, first)} " +
                "A lower learning rate, f32 precision, or a smaller max_grad_norm may help.", error);
        }
        catch (Exception)
        {
            if (loop.Step > first) saving.Rescue();
            throw;
        }
    }

    // Weights that are spoilt are those of the step that was taken; a loss is that of the step that was not.
    static int StepOf(Exception error, TrainingLoop loop) => error is DivergedException ? loop.Step + 1 : loop.Step;

    static string Kept(Exception error, TrainingLoop loop, RunSaving saving, int first)
    {
        // One batch alone may be the cause, and the weights good for all others.
        bool sound = error is DivergedException && loop.Step > first && loop.IsSound();
        if (sound)
        {
            saving.Rescue();
            saving.Confirm();
        }
        string spoilt = saving.Forget() is { } path ? $" {path} is of the step after which the loss is no number." : "";
        saving.SaveCopy();
        if (saving.Sound is not { } kept)
            return $"Nothing is kept of which it is known that its loss is a number (save_every saves on the way).{spoilt}";
        string goesOn = GoesOn(saving);
        return $"The last weights whose loss is a number are those of step {saving.SoundStep}, in {kept}{goesOn}.{spoilt}";
    }

    static string GoesOn(RunSaving saving)
    {
        if (saving.HasState) return ", and a run with resume and a lower learning_rate goes on from there";
        string resumed = saving.EarlierState is { } step ? $", one with resume after step {step}" : "";
        return $"; a run that begins with it (init_adapter) and a lower learning_rate goes on from there{resumed}";
    }
}
