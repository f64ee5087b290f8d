namespace Lowrank.Diffusion;

/// <summary>Where a sampler's fresh noise comes from.</summary>
public interface INoise
{
    /// <summary>Normal draws in the shape of the sample, float32.</summary>
    /// <param name="from">The level at which the stretch begins that the noise is for.</param>
    /// <param name="to">
    /// The level at which it ends: a lower one for a step, a higher one where noise is added before it, and the same one where none turns
    /// out to be. Sources whose draws belong to stretches of time, as a Brownian motion's, heed both.
    /// </param>
    Tensor Draw(NoiseLevel from, NoiseLevel to);
}
