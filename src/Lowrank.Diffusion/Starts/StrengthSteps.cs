namespace Lowrank.Diffusion;

/// <summary>Which steps of a schedule change a picture that is given, by how much of it is to be changed.</summary>
/// <param name="ScheduleSteps">Length of the schedule.</param>
/// <param name="Encoded">Steps that are left after the first: the picture is noised to the level that far from the schedule's end.</param>
/// <remarks>Source: AUTOMATIC1111, modules/sd_samplers_common.py, setup_img2img_steps, at 1.10.1.</remarks>
public readonly record struct StrengthSteps(int ScheduleSteps, int Encoded)
{
    // At most so much of the schedule; the last thousandth would begin from noise alone.
    const double MostStrength = 0.999;

    /// <summary>Levels of the schedule that are left out at its beginning.</summary>
    public int First => Math.Max(ScheduleSteps - Encoded - 1, 0);

    /// <summary>Steps that are made, each of which asks the network once or more.</summary>
    public int Evaluations => ScheduleSteps - First;

    /// <summary>A schedule of the steps asked for, of which the last are made: one more than their share, 1 at strength 0.</summary>
    /// <param name="steps">Steps asked for, from 1.</param>
    /// <param name="strength">0 keeps the picture, 1 makes another.</param>
    public static StrengthSteps OfShare(int steps, double strength) => new(steps, (int)(Math.Min(strength, MostStrength) * steps));

    /// <summary>
    /// A longer schedule, of which as many steps as were asked for are made: the second pass of hires, and img2img where exact steps are
    /// wanted.
    /// </summary>
    /// <param name="steps">Steps asked for, from 1.</param>
    /// <param name="strength">0 makes none at all.</param>
    public static StrengthSteps Exactly(int steps, double strength) =>
        new(strength > 0 ? (int)(steps / Math.Min(strength, MostStrength)) : 0, steps - 1);
}
