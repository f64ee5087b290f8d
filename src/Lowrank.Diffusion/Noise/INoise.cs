namespace Lowrank.Diffusion;

/// <summary>Where a sampler's fresh noise comes from.</summary>
public interface INoise
{
    /// <summary>Normal draws in the shape of the sample, float32.</summary>
    /// <param name="from">The level at which the step begins that the noise is for.</param>
    /// <param name="to">
    /// The level at which it ends. Sources whose draws belong to stretches of time, as a Brownian motion's, heed both.
    /// </param>
    Tensor Draw(NoiseLevel from, NoiseLevel to);
}
