namespace Lowrank.Diffusion;

/// <summary>One setting that the pictures of a grid differ in.</summary>
/// <typeparam name="TJob">What asks for a picture.</typeparam>
/// <param name="Label">What it is called, and what labels begin with.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Set">The job with one of the values set; the third argument is all values of the axis.</param>
public sealed record GridAxis<TJob>(string Label, GridValueKind Kind, Func<TJob, GridValue, IReadOnlyList<GridValue>, TJob> Set)
{
    /// <summary>What a user of this program calls it: an option's name; the label in small letters unless it is said.</summary>
    public string Name { get => field ?? Label.ToLowerInvariant(); init; }

    /// <summary>Further names by which it is found.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>How slow it is to change from one value to the next, 0 to 1: the slowest axis is walked outermost.</summary>
    public double Cost { get; init; }

    /// <summary>How a value is labelled; "Label: value" unless told otherwise.</summary>
    public Func<GridValue, string>? LabelOf { get; init; }

    /// <summary>Throws if one of the values cannot be.</summary>
    public Action<TJob, IReadOnlyList<GridValue>>? Check { get; init; }

    /// <summary>Whether its values are seeds, of which −1 is drawn anew.</summary>
    public bool HoldsSeeds { get; init; }

    /// <summary>Axes of a higher turn are set into a job after those of a lower one; within a turn X comes first.</summary>
    public int Turn { get; init; }

    /// <summary>Whether a second axis of the same kind adds to the first one, rather than taking its place.</summary>
    public bool Adds { get; init; }

    /// <summary>Whether a value leaves a job as it is; null where none does.</summary>
    public Func<GridValue, bool>? IsNothing { get; init; }

    /// <summary>Why its values change nothing in a job, where they do not.</summary>
    public Func<TJob, string?>? Idle { get; init; }

    /// <summary>The label of a value.</summary>
    public string Labelled(GridValue value) => LabelOf?.Invoke(value) ?? $"{Label}: {value.Text}";
}
