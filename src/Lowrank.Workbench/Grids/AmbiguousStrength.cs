namespace Lowrank.Workbench;

/// <summary>The axis "strength", which is an adapter's, or the changed picture's where there is no adapter.</summary>
static class AmbiguousStrength
{
    const string Name = "strength";

    /// <summary>Stands in a request until it is settled.</summary>
    public static GridAxis<GeneratingRequest> Axis { get; } = new("Strength", GridValueKind.Number, (request, _, _) => request);

    public static bool IsNamed(string name) => name.Trim().Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The axis that is meant, any other as it is.</summary>
    /// <exception cref="LowrankException">It could be both.</exception>
    public static GridChoice<GeneratingRequest> Settled(GridRequest request, GridChoice<GeneratingRequest> choice)
    {
        if (choice.Axis != Axis) return choice;
        bool adapts = request.Each.Adapters.Count > 0 || request.Axes.Any(other => other.Axis?.Label == "Adapter");
        bool changes = request.Each.Change is not null || request.Axes.Any(other => other.Axis?.Label == "Init");
        if (adapts && changes)
            throw new LowrankException("The axis \"strength\" could be the adapter's or the changed picture's: " +
                $"write \"{ModelAxes.StrengthName}: {choice.Text}\" or \"{ChangeAxes.StrengthName}: {choice.Text}\"");
        return choice with { Axis = GeneratingAxes.Named(changes ? ChangeAxes.StrengthName : ModelAxes.StrengthName) };
    }
}
