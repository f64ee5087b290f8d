namespace Lowrank.Torch;

/// <summary>A learning rate as a function of the step: it has no state, so resuming needs none.</summary>
/// <remarks>Curves and warm-up are those of diffusers' and transformers' <c>optimization.py</c>, and so kohya's.</remarks>
/// <param name="Curve">How it goes on after the warm-up.</param>
/// <param name="BaseRate">The rate at the warm-up's end.</param>
/// <param name="TotalSteps">Steps of the run.</param>
/// <param name="WarmupSteps">Steps of the warm-up.</param>
public sealed record LearningRateSchedule(LearningRateCurve Curve, double BaseRate, int TotalSteps, int WarmupSteps = 0)
{
    /// <summary>Whether the curve holds the warm-up itself, which is no straight line from 0 then.</summary>
    public bool HoldsWarmup { get; init; }

    /// <summary>How many of its steps an optimizer step takes: the batches of a step where it goes on with every batch, as the LoRA paper's
    /// code has it, and all its numbers are of batches. Default 1.</summary>
    public int PerStep { get; init; } = 1;

    /// <summary>
    /// The rate of optimizer step <paramref name="step"/>, counted from 0. During warm-up it rises from 0 in a straight line.
    /// </summary>
    public double At(int step)
    {
        int own = step * PerStep + PerStep - 1;   // that of the step's last batch
        bool isWarming = own < WarmupSteps && !HoldsWarmup;
        return isWarming ? BaseRate * own / Math.Max(1, WarmupSteps) : Curve(this, own);
    }

    /// <summary>The share of the steps after the warm-up that is done.</summary>
    public double Progress(int step) => (double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps);
}
