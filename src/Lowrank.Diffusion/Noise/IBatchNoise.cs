namespace Lowrank.Diffusion;

/// <summary>The noise of one batch of pictures: what sampling begins with, and what samplers add on the way.</summary>
public interface IBatchNoise : INoise, IDisposable
{
    /// <summary>What sampling begins with, (B, C, H, W), float32; asked for once, and before any other draw.</summary>
    Tensor First();

    /// <summary>The noise of samplers that want a Brownian motion's, of the same seeds.</summary>
    /// <param name="sigmas">σ/α of the whole schedule, which it spans.</param>
    INoise Brownian(IEnumerable<double> sigmas);
}
