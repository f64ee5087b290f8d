namespace Lowrank.Adapters;

/// <summary>A named choice of layers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it adapts, in a line.</param>
/// <param name="Layers">Patterns for denoisers; other components that encode no text are chosen from by these too.</param>
/// <param name="TextLayers">Patterns for text encoders.</param>
/// <param name="Convolutions">Whether convolutions with a kernel are among them.</param>
public sealed record TargetPreset(
    string Name, string Meaning, IReadOnlyList<string> Layers, IReadOnlyList<string> TextLayers, bool Convolutions)
{
    /// <summary>Patterns for what is adapted in addition when convolutions with a kernel are asked for.</summary>
    public IReadOnlyList<string> WithConvolutions { get; init; } = [];

    /// <summary>Patterns of layers whose input is scaled rather than their output, for methods that have the choice.</summary>
    public IReadOnlyList<string> OnInput { get; init; } = [];

    /// <summary>The patterns for components of a role.</summary>
    /// <param name="role">What the component does.</param>
    /// <param name="convolves">Whether convolutions with a kernel are adapted.</param>
    internal IReadOnlyList<TargetPattern> PatternsFor(ComponentRole role, bool convolves)
    {
        var layers = role == ComponentRole.TextEncoder ? TextLayers : convolves ? Layers.Concat(WithConvolutions) : Layers;
        return [.. layers.Select(TargetPattern.Parse)];
    }
}
