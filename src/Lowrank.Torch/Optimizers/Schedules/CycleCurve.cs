namespace Lowrank.Torch;

/// <summary>The rate goes in straight lines between shares of the learning rate that are told for some steps.</summary>
/// <remarks>The LoRA paper's <c>cycle</c> (microsoft/LoRA, examples/NLG/src/optimizer.py), whose rates are whole ones and not
/// shares.</remarks>
public static class CycleCurve
{
    // What its code adds to the length of a line.
    const double AddedToLength = 1e-6;

    static readonly FreeArgument<IReadOnlyList<double>> steps = NamedArgument.Numbers(
        "cycle_steps", "cycle: the steps at which shares are told, the first of them 0", "0", NumberRange.AtLeast(0));

    static readonly FreeArgument<IReadOnlyList<double>> shares = NamedArgument.Numbers(
        "cycle_shares", "cycle: as many shares of the learning rate", "1", NumberRange.AtLeast(0));

    /// <summary>The curve.</summary>
    /// <param name="steps">Steps, rising, the first of them 0.</param>
    /// <param name="shares">As many shares of the learning rate, 0 or more; the last one stays.</param>
    /// <exception cref="LowrankException">They are not as many, or the steps do not rise from 0.</exception>
    public static LearningRateCurve Of(IReadOnlyList<double> steps, IReadOnlyList<double> shares)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(shares);
        bool rises = steps.Count > 0 && steps[0] == 0 && steps.Zip(steps.Skip(1)).All(pair => pair.First < pair.Second);
        if (!rises) throw new LowrankException($"cycle_steps is {Told(steps)}, and steps rise from 0.");
        if (steps.Count != shares.Count)
            throw new LowrankException($"cycle_steps has {steps.Count} numbers ({Told(steps)}) and cycle_shares {shares.Count} " +
                $"({Told(shares)}): each step has one share.");
        return (schedule, step) => schedule.BaseRate * Share(steps, shares, step);
    }

    static double Share(IReadOnlyList<double> steps, IReadOnlyList<double> shares, int step)
    {
        int line = 0;
        while (line < steps.Count && steps[line] <= step) line++;
        if (line == steps.Count) return shares[^1];
        double done = (step - steps[line - 1]) / (steps[line] - steps[line - 1] + AddedToLength);
        return shares[line - 1] + (shares[line] - shares[line - 1]) * done;
    }

    static LearningRateCurve Given(IReadOnlyDictionary<string, string> given)
    {
        bool isTold = given.ContainsKey(steps.Name) || given.ContainsKey(shares.Name);
        if (!isTold) throw new LowrankException(
            "the schedule cycle goes by cycle_steps and cycle_shares, and neither is given: for one rate all the time take constant.");
        return Of(steps.In(given), shares.In(given));
    }

    static string Told(IReadOnlyList<double> numbers) => string.Join(", ", numbers.Select(number => PlainValue.Text(number)));

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } =
        new("cycle", "straight lines between shares of the rate that are told for some steps",
            Given)
        {
            Arguments = [steps, shares],
        };
}
