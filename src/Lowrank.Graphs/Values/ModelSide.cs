namespace Lowrank.Graphs;

/// <summary>A half of a base model, as a graph's links take it apart.</summary>
/// <param name="Name">As people say it.</param>
/// <param name="Holds">Whether a weight's path is in it.</param>
public sealed record ModelSide(string Name, Func<string, bool> Holds)
{
    /// <summary>The denoising network.</summary>
    public static ModelSide Network { get; } = new("denoising network", path => path.StartsWith("unet.", StringComparison.Ordinal));

    /// <summary>The text encoders.</summary>
    public static ModelSide Encoders { get; } =
        new("text encoders", path => path.StartsWith("text_encoder", StringComparison.Ordinal));
}
