namespace Lowrank.Workbench;

/// <summary>The noise of a web UI's job, as its request and settings say.</summary>
/// <param name="request">The request.</param>
/// <param name="device">Where draws go.</param>
sealed class WebUiNoises(WebUiRequest request, Device device)
{
    /// <summary>The noise of a batch.</summary>
    /// <param name="own">A seed for each picture.</param>
    /// <param name="variations">A variation seed for each.</param>
    /// <param name="shape">Shape of one picture's latents (C, H, W).</param>
    public WebUiNoise Of(long[] own, long[] variations, long[] shape)
    {
        var (across, down) = request.SeedResizeFrom;
        var variation = new SeedVariation
        {
            Seeds = variations,
            Strength = request.SubseedStrength,
            ResizeFrom = across > 0 && down > 0 ? (across, down) : null,
            SeedDelta = request.Options.SeedDelta,
        };
        return new WebUiNoise(own, shape, device, variation, Source);
    }

    /// <summary>The noise of seeds alone, without variations.</summary>
    public WebUiNoise Plain(long[] own, long[] shape) => new(own, shape, device, null, Source);

    // "GPU" is the card's own where there is one; here it is the CPU's, as there without a card.
    NoiseSource Source => request.Options.RandomSource == "NV" ? NoiseSources.Nv : NoiseSources.Cpu;
}
