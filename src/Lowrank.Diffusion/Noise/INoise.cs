namespace Lowrank.Diffusion;

/// <summary>Where a sampler's fresh noise comes from.</summary>
public interface INoise
{
    /// <summary>Normal draws in the shape of the sample, float32.</summary>
    Tensor Draw();
}
