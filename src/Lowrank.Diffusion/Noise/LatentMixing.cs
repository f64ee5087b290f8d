namespace Lowrank.Diffusion;

/// <summary>
/// How a latent that is to stay is held where a picture is changed in part. Programs put it back at different places; each such place is
/// one of these methods, which by themselves change nothing.
/// </summary>
public abstract class LatentMixing
{
    /// <summary>What is shown to the network, while the sampler goes on with <paramref name="x"/> itself.</summary>
    public virtual Tensor Shown(Tensor x, NoiseLevel level) => x;

    /// <summary>What a prediction is made of, in place of <paramref name="x"/>.</summary>
    public virtual Tensor Before(Tensor x, NoiseLevel level) => x;

    /// <summary>The clean estimate that the sampler goes on with.</summary>
    public virtual Tensor OfClean(Tensor clean, NoiseLevel level) => clean;

    /// <summary>The sample after a step.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="next">Where the next step begins; null after the last.</param>
    public virtual Tensor After(Tensor x, NoiseLevel? next) => x;
}
