namespace Lowrank.Workbench;

/// <summary>What the pictures of a grid may differ in.</summary>
public static class GeneratingAxes
{
    static readonly NamedList<GridAxis<GeneratingRequest>> list = new("axis", NamesOf,
    [
        .. NoiseAxes.All, .. SamplingAxes.All, .. PromptAxes.All, .. ModelAxes.All, .. HiresAxes.All, .. ChangeAxes.All,
    ]);

    /// <summary>Each with its names, its values and what it sets.</summary>
    public static IReadOnlyList<GridAxis<GeneratingRequest>> All => list.All;

    /// <summary>All of them in a sentence, for help.</summary>
    public static string Prose => $"Names: {string.Join(", ", All.Select(axis => axis.Name))}";

    /// <summary>Adds an axis, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(GridAxis<GeneratingRequest> axis) => list.Add(axis);

    /// <summary>The axis of that name: an option's, or AUTOMATIC1111's; "strength" alone may be either of two.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told, or why AUTOMATIC1111's is not here.</exception>
    public static GridAxis<GeneratingRequest> Named(string name)
    {
        if (AmbiguousStrength.IsNamed(name)) return AmbiguousStrength.Axis;
        if (list.TryNamed(name, out var found)) return found;
        if (AbsentAxes.Reason(name) is { } reason)
            throw new RequestException($"AUTOMATIC1111's axis \"{name}\" is not drawn here: {reason}.");
        // The nearest of all spellings, told by the names that help shows.
        var near = NearestNames.Resembling(name, All.SelectMany(NamesOf).Select(one => one.ToLowerInvariant()).Distinct());
        string nearest = near.Count > 0 ? $" (nearest: {string.Join(", ", near)})" : "";
        throw new RequestException($"there is no axis \"{name}\"{nearest}; " +
            $"there are {string.Join(", ", All.Select(axis => axis.Name))}.");
    }

    static IEnumerable<string> NamesOf(GridAxis<GeneratingRequest> axis) => [axis.Label, axis.Name, .. axis.OtherNames];
}
