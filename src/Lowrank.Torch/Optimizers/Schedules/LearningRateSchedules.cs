using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Torch;

/// <summary>Every learning-rate schedule that a recipe can name.</summary>
public static class LearningRateSchedules
{
    static readonly NamedList<ScheduleDescriptor> list = new(
        "schedule", schedule => [schedule.Name, .. schedule.OtherNames],
        ConstantCurve.Descriptor, LinearCurve.Descriptor, CosineCurve.Descriptor, RestartsCurve.Descriptor, PolynomialCurve.Descriptor,
        CosineFromStartCurve.Descriptor, CycleCurve.Descriptor, PiecewiseCurve.Descriptor, InverseRootCurve.Descriptor,
        CosineToLeastCurve.Descriptor, WarmCosineCurve.Descriptor, StableCurve.Descriptor);

    /// <summary>The list.</summary>
    public static IReadOnlyList<ScheduleDescriptor> All => list.All;

    /// <summary>Adds a schedule, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or the name is taken.</exception>
    public static void Add(ScheduleDescriptor schedule) => list.Add(schedule);

    /// <summary>The schedule of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static ScheduleDescriptor Named(string name) => list.Named(name);

    /// <summary>The schedule of that name, where there is one.</summary>
    public static bool TryNamed(string name, [MaybeNullWhen(false)] out ScheduleDescriptor schedule) =>
        list.TryNamed(name, out schedule);
}
