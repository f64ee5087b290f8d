namespace Lowrank.Diffusion;

/// <summary>One direction of a grid, with its values read.</summary>
/// <param name="Choice">What was asked for.</param>
/// <param name="Values">The values; one, which changes nothing, where there is no axis.</param>
sealed record GridLine<TJob>(GridChoice<TJob> Choice, IReadOnlyList<GridValue> Values)
{
    public static GridLine<TJob> Of(TJob job, GridChoice<TJob> choice, Func<long> drawSeed)
    {
        if (choice.Axis is not { } axis) return new(choice, [new GridValue("")]);
        var values = ValuesOf(choice.Text, axis);
        axis.Check?.Invoke(job, values);
        if (axis.HoldsSeeds) values = [.. values.Select(value => value.Whole == -1 ? GridValue.Of(drawSeed()) : value)];
        return new(choice, values);
    }

    static IReadOnlyList<GridValue> ValuesOf(string text, GridAxis<TJob> axis)
    {
        try
        {
            return GridValues.Read(text, axis.Kind);
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{error.Message} On the axis \"{axis.Label}\", given \"{text}\".", error);
        }
    }

    public double Cost => Choice.Axis?.Cost ?? 0;

    public IReadOnlyList<string> Labels => [.. Values.Select(value => Choice.Axis?.Labelled(value) ?? "")];

    public TJob Set(TJob job, int index) => Choice.Axis is { } axis ? axis.Set(job, Values[index], Values) : job;

    // "X Type", "X Values", and what seeds were drawn.
    public IEnumerable<KeyValuePair<string, string>> Facts(char name)
    {
        if (Choice.Axis is not { } axis) yield break;
        yield return new($"{name} Type", axis.Label);
        yield return new($"{name} Values", Choice.Text);
        if (axis.HoldsSeeds) yield return new($"Fixed {name} Values", string.Join(", ", Values.Select(value => value.Text)));
    }
}
