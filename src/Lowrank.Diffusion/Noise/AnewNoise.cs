namespace Lowrank.Diffusion;

/// <summary>Noise whose later draws begin with the seed anew, as ComfyUI's do: the first is the noise sampling began with.</summary>
/// <param name="first">Draws what sampling begins with.</param>
/// <param name="later">Another source of the same seeds.</param>
public sealed class AnewNoise(IBatchNoise first, IBatchNoise later) : IBatchNoise
{
    /// <inheritdoc/>
    public Tensor First() => first.First();

    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to) => later.Draw(from, to);

    /// <inheritdoc/>
    public INoise Brownian(IEnumerable<double> sigmas) => later.Brownian(sigmas);

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        later.Dispose();
    }
}
