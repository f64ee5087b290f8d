namespace Lowrank.Diffusion;

/// <summary>
/// Judges the steps of DPM adaptive by their error, and sets the next one's length: a PID controller, as k-diffusion has it.
/// </summary>
sealed class DpmStepControl
{
    const double Tiny = 1e-8;

    readonly double now, before, longBefore, acceptSafety;
    double[]? inverse;   // 1/error: of this step, and of the two that were taken before it

    internal DpmStepControl(DpmAdaptiveOptions options)
    {
        double order = options.Eta > 0 ? 1.5 : options.Order;
        var (p, i, d) = (options.Proportional, options.Integral, options.Derivative);
        (now, before, longBefore) = ((p + i + d) / order, -(p + 2 * d) / order, d / order);
        (Length, acceptSafety) = (Math.Abs(options.FirstLength), options.AcceptSafety);
    }

    /// <summary>Length of the next step in ln σ.</summary>
    internal double Length { get; private set; }

    /// <summary>Whether the last step that was judged stands.</summary>
    internal bool Accepted { get; private set; } = true;

    /// <summary>Takes note of a step's error, where 1 is what is allowed.</summary>
    internal void Judge(double error)
    {
        if (!double.IsFinite(error))
            throw new LowrankException(
                "DPM adaptive cannot find its steps: the network's answer holds values that are not finite. " +
                "Try float32 or another sampler.");
        double present = 1 / (error + Tiny);
        inverse ??= [present, present, present];
        inverse[0] = present;
        double factor = Math.Pow(inverse[0], now) * Math.Pow(inverse[1], before) * Math.Pow(inverse[2], longBefore);
        factor = 1 + Math.Atan(factor - 1);
        Accepted = factor >= acceptSafety;
        if (Accepted) (inverse[2], inverse[1]) = (inverse[1], inverse[0]);
        Length *= factor;
    }
}
