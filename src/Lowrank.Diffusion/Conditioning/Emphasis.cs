namespace Lowrank.Diffusion;

/// <summary>What AUTOMATIC1111 makes of words that weigh more or less.</summary>
public enum Emphasis
{
    /// <summary>States times weights, brought back to the mean that they had.</summary>
    Original,

    /// <summary>States times weights.</summary>
    NoNorm,

    /// <summary>Weights are read and left out.</summary>
    Ignore,

    /// <summary>Brackets are characters as any.</summary>
    None,
}
