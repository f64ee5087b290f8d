namespace Lowrank.Diffusion;

/// <summary>One direction of a grid, with its values read.</summary>
/// <param name="Choice">What was asked for.</param>
/// <param name="Values">The values; one, which changes nothing, where there is no axis.</param>
sealed record GridLine<TJob>(GridChoice<TJob> Choice, IReadOnlyList<GridValue> Values)
{
    public static GridLine<TJob> Of(TJob job, GridChoice<TJob> choice, Func<long> drawSeed)
    {
        if (choice.Axis is not { } axis) return new(choice, [new GridValue("")]);
        var values = ValuesOf(choice.Fixed ?? choice.Text, axis);
        axis.Check?.Invoke(job, values);
        bool draws = axis.HoldsSeeds && !choice.KeepsChance;
        if (draws) values = [.. values.Select(value => value.Whole == -1 ? GridValue.Of(drawSeed()) : value)];
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

    public TJob Set(TJob job, int index)
    {
        if (Choice.Axis is not { } axis) return job;
        try
        {
            return axis.Set(job, Values[index], Values);
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{error.Message.TrimEnd('.')}. On the axis \"{axis.Label}\", at \"{Values[index].Text}\".", error);
        }
    }

    /// <summary>What of the values a user should know: ranges without any, and what is there twice.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (Choice.Axis is not { } axis) return [];
            var empty = GridValues.Empty(Choice.Text, axis.Kind);
            string[] nothing = Values.Count == 0 && empty.Count == 0 ? ["has no values: no picture is drawn"] : [];
            bool isIdle = Values.Count > 0 && axis.IsNothing is { } isNothing && Values.All(isNothing);
            if (isIdle) nothing = [$"holds \"{Values[0].Text}\" alone, and changes nothing"];
            var repeated = Values.CountBy(value => value.Text).Where(value => value.Value > 1)
                .Select(value => $"holds \"{value.Key}\" {value.Value} times, and each is drawn");
            return [.. empty.Select(note => $": {note}").Concat(nothing.Concat(repeated).Select(note => $" {note}"))
                .Select(note => $"axis \"{axis.Label}\"{note}")];
        }
    }

    // "X Type", "X Values", and what seeds were drawn.
    public IEnumerable<KeyValuePair<string, string>> Facts(char name)
    {
        if (Choice.Axis is not { } axis) yield break;
        yield return new($"{name} Type", axis.Label);
        yield return new($"{name} Values", Choice.Text);
        bool areFixed = axis.HoldsSeeds && !Choice.KeepsChance;
        if (areFixed) yield return new($"Fixed {name} Values", string.Join(", ", Values.Select(value => value.Text)));
    }
}
