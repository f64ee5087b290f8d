namespace Lowrank.Training;

/// <summary>How the noise of training is drawn. The defaults are plain normal noise over all timesteps.</summary>
public sealed record NoiseOptions
{
    /// <summary>
    /// o of ε + o·N(0,1) per sample and channel, which lets a model learn dark and bright pictures; 0 leaves it out, 0.0357 to 0.1 are
    /// usual.
    /// </summary>
    public double Offset { get; init; }

    /// <summary>Whether the offset is multiplied by a uniform draw each step.</summary>
    public bool OffsetRandomStrength { get; init; }

    /// <summary>s of o + s·|mean of the latents| per channel, at least 0; null leaves it out.</summary>
    public double? AdaptiveScale { get; init; }

    /// <summary>Levels of pyramid noise; 0 leaves it out, 6 to 10 are usual.</summary>
    public int MultiresIterations { get; init; }

    /// <summary>Weight of a level against the one before it, 0 to 1.</summary>
    public double MultiresDiscount { get; init; } = 0.3;

    /// <summary>γ of the input's perturbation ε + γ·N, which the target does not see; 0 leaves it out.</summary>
    public double InputPerturbation { get; init; }

    /// <summary>Whether γ is multiplied by a uniform draw each step.</summary>
    public bool InputPerturbationRandomStrength { get; init; }

    /// <summary>First timestep that is drawn.</summary>
    public int MinTimestep { get; init; }

    /// <summary>Where drawing ends, itself not drawn; null means all. If it is not above the first, it is the only timestep.</summary>
    public int? MaxTimestep { get; init; }
}
