namespace Lowrank.Diffusion;

/// <summary>How many steps are walked where sampling begins with a picture: every program counts in its own way.</summary>
public abstract class StrengthRule
{
    /// <summary>diffusers': a share of the steps, rounded down; the last steps of the whole schedule.</summary>
    public static StrengthRule Share { get; } = new ShareRule();

    /// <summary>AUTOMATIC1111's: a share of the steps, rounded down, and one more.</summary>
    public static StrengthRule ShareAndOne { get; } = new ShareAndOneRule();

    /// <summary>AUTOMATIC1111's of a hires pass, and where its setting asks for the exact number: a longer schedule's last steps.</summary>
    public static StrengthRule Exact { get; } = new ExactRule();

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

    sealed class ShareAndOneRule : StrengthRule
    {
        public override (int Scheduled, int Skipped) Of(int steps, double strength) => Of(StrengthSteps.OfShare(steps, strength));
    }

    sealed class ExactRule : StrengthRule
    {
        public override (int Scheduled, int Skipped) Of(int steps, double strength) => Of(StrengthSteps.Exactly(steps, strength));
    }

    static (int Scheduled, int Skipped) Of(StrengthSteps steps) => (steps.ScheduleSteps, steps.First);

    sealed class LongerRule : StrengthRule
    {
        public override (int Scheduled, int Skipped) Of(int steps, double strength)
        {
            int scheduled = strength > 0.9999 ? steps : (int)(steps / strength);
            return (scheduled, scheduled - steps);
        }
    }
}
