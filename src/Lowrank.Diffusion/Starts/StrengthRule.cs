namespace Lowrank.Diffusion;

/// <summary>How many steps are walked where sampling begins with a picture: every program counts in its own way.</summary>
public abstract class StrengthRule
{
    /// <summary>diffusers': a share of the steps, rounded down; the last steps of the whole schedule.</summary>
    public static StrengthRule Share { get; } = new ShareRule();

    /// <summary>AUTOMATIC1111's: one step more than the share.</summary>
    public static StrengthRule ShareAndOne { get; } = new StepsRule(StrengthSteps.OfShare);

    /// <summary>The exact number of steps, as in a second pass: a longer schedule's last steps.</summary>
    public static StrengthRule Exact { get; } = new StepsRule(StrengthSteps.Exactly);

    /// <summary>ComfyUI's: a longer schedule's last steps, its length the steps over the strength, rounded down.</summary>
    public static StrengthRule Longer { get; } = new LongerRule();

    /// <summary>How long the schedule is made, and how many of its steps are left out at the beginning.</summary>
    /// <param name="steps">Steps asked for.</param>
    /// <param name="strength">Above 0 to 1.</param>
    public abstract (int Scheduled, int Skipped) Of(int steps, double strength);

    sealed class ShareRule : StrengthRule
    {
        public override (int Scheduled, int Skipped) Of(int steps, double strength) =>
            (steps, steps - Math.Min((int)(steps * strength), steps));
    }

    sealed class StepsRule(Func<int, double, StrengthSteps> rule) : StrengthRule
    {
        public override (int Scheduled, int Skipped) Of(int steps, double strength)
        {
            var part = rule(steps, strength);
            return (part.ScheduleSteps, part.First);
        }
    }

    sealed class LongerRule : StrengthRule
    {
        public override (int Scheduled, int Skipped) Of(int steps, double strength)
        {
            int scheduled = strength > 0.9999 ? steps : (int)(steps / strength);
            return (scheduled, scheduled - steps);
        }
    }
}
