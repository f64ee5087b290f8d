namespace Lowrank.Diffusion;

/// <summary>Which settings of sampling a user gave, and so are left as they are.</summary>
[Flags]
public enum GivenSampling
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>The sampler, and with it what belongs to it.</summary>
    Sampler = 1,
    /// <summary>The schedule.</summary>
    Schedule = 2,
    /// <summary>The number of steps.</summary>
    Steps = 4,
    /// <summary>The guidance scale.</summary>
    Guidance = 8,
    /// <summary>What the network predicts.</summary>
    Prediction = 16,
    /// <summary>All that a picture's text tells; what the network predicts is told where it was given alone.</summary>
    All = Sampler | Schedule | Steps | Guidance,
}
