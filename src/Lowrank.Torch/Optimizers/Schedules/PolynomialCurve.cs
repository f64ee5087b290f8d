namespace Lowrank.Torch;

/// <summary>The rate falls to a small end rate along a power.</summary>
public static class PolynomialCurve
{
    static readonly TypedArgument<double> power = NamedArgument.Number("power", "Exponent of polynomial", 1, NumberRange.Above(0)) with
    {
        AlsoCalled = ["lr_scheduler_power"],
    };

    static readonly TypedArgument<double> end =
        NamedArgument.Number("lr_end", "polynomial: where the rate ends", 1e-7, NumberRange.AtLeast(0));

    /// <summary>The curve.</summary>
    /// <param name="power">The exponent.</param>
    /// <param name="endRate">Where it ends.</param>
    public static LearningRateCurve Of(double power = 1, double endRate = 1e-7) => (schedule, step) =>
        step > schedule.TotalSteps ? endRate : (schedule.BaseRate - endRate) * Math.Pow(1 - schedule.Progress(step), power) + endRate;

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } =
        new("polynomial", "the rate falls to lr_end along a power", given => Of(power.In(given), end.In(given)))
        {
            Arguments = [power, end],
        };
}
