namespace Lowrank.Adapters;

/// <summary>A named choice of layers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it adapts, in a line.</param>
/// <param name="Unet">Patterns for the UNet; other components that are no text encoder are chosen from by these too.</param>
/// <param name="TextEncoder">Patterns for text encoders.</param>
/// <param name="Convolutions">Whether convolutions with a kernel are among them.</param>
public sealed record TargetPreset(
    string Name, string Meaning, IReadOnlyList<string> Unet, IReadOnlyList<string> TextEncoder, bool Convolutions)
{
    /// <summary>Patterns for what is adapted in addition when convolutions with a kernel are asked for.</summary>
    public IReadOnlyList<string> WithConvolutions { get; init; } = [];

    /// <summary>Patterns of layers whose input is scaled rather than their output, for methods that have the choice.</summary>
    public IReadOnlyList<string> OnInput { get; init; } = [];
}
