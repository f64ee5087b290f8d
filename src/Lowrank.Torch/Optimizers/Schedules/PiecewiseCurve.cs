namespace Lowrank.Torch;

/// <summary>The rate is multiplied by one number up to a step, by another up to the next, as diffusers' piecewise_constant.</summary>
/// <remarks>Steps are counted from the run's beginning, and there is no warm-up.</remarks>
public static class PiecewiseCurve
{
    const string Usual = "1:20,0.1:50,0.01";

    static readonly FreeArgument<Pieces> rules =
        NamedArgument.Free("step_rules", "piecewise_constant: factor:step, ... and the last factor: " + Usual, "1", Read);

    sealed record Pieces(IReadOnlyList<(double Factor, int End)> Before, double Last);

    /// <summary>The curve.</summary>
    /// <param name="before">Factors, each with the step before which it holds.</param>
    /// <param name="last">The factor from there on.</param>
    public static LearningRateCurve Of(IReadOnlyList<(double Factor, int End)> before, double last) => (schedule, step) =>
    {
        foreach (var (factor, end) in before.OrderBy(piece => piece.End))
            if (step < end) return schedule.BaseRate * factor;
        return schedule.BaseRate * last;
    };

    static LearningRateCurve Of(Pieces pieces) => Of(pieces.Before, pieces.Last);

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } = new(
        "piecewise_constant", "the rate is multiplied by a number up to a step, then by another",
        given => Of(rules.In(given)))
    {
        Arguments = [rules],
        HoldsWarmup = true,
    };

    static (Pieces? Value, string? Fault) Read(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || PlainValue.ReadNumber(parts[^1]) is not { } last) return (null, Wrong(text, "its last part is no factor"));
        var before = new List<(double, int)>();
        foreach (string part in parts[..^1])
        {
            string[] pair = part.Split(':');
            if (pair.Length != 2 || PlainValue.ReadNumber(pair[0]) is not { } factor || PlainValue.ReadWhole(pair[1]) is not { } end)
                return (null, Wrong(text, $"\"{part}\" is not factor:step"));
            before.Add((factor, end));
        }
        return (new(before, last), null);
    }

    static string Wrong(string text, string why) => $"step_rules is \"{text}\": {why}; like this: {Usual}";
}
