namespace Lowrank.Adapters;

/// <summary>What a method is called by the Python programs that make the same adapters.</summary>
/// <param name="Lycoris">LyCORIS's <c>algo</c>.</param>
/// <remarks>Source: LyCORIS 4.1.3; kohya-ss/sd-scripts networks/ at 48d368f.</remarks>
public sealed record ModuleNames(string Lycoris)
{
    /// <summary>LyCORIS's <c>algo</c> where convolutions with a kernel are adapted too.</summary>
    public string LycorisWithConvolutions { get; init; } = Lycoris;

    /// <summary>The module of kohya's trainer that makes them with these options; null where it has none.</summary>
    public Func<MethodOptions, string?> Kohya { get; init; } = static _ => null;
}
