namespace Lowrank.Diffusion;

/// <summary>Begins with a picture of which a part is made anew, as diffusers' inpainting does.</summary>
/// <remarks>
/// Draws: the autoencoder's sample, the noise, the autoencoder's sample of the masked picture. A network of four channels does not see the
/// last; it is drawn all the same, so that later draws are diffusers' own.
/// </remarks>
/// <param name="pictures">One for all, or one for each picture of the run: (1 or B, 3, H, W) in [−1, 1]; the caller's.</param>
/// <param name="mask">1 where the picture is made anew, 0 where it stays; (1 or B, 1, H, W); the caller's.</param>
/// <param name="strength">How much of the part is made anew, above 0 to 1; 1 begins with noise alone.</param>
public sealed class InpaintStart(Tensor pictures, Tensor mask, double strength) : LatentStart
{
    readonly Tensor pictures = StartTensors.Pictures(pictures), mask = StartTensors.Mask(mask);

    /// <summary>What lies under the mask to begin with: noise, nothing, or else what the pictures have there.</summary>
    public MaskedContent Content { get; init; } = MaskedContent.Original;

    /// <inheritdoc/>
    public override double Strength => strength;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(int width, int height) =>
        StartTensors.SizeFaults(pictures, "picture", width, height).Concat(StartTensors.SizeFaults(mask, "mask", width, height));

    /// <inheritdoc/>
    public override LatentBeginning Begin(LatentPreparation preparation)
    {
        var plan = preparation.Plan;
        var (all, sharp) = (preparation.ForEach(pictures), preparation.ForEach(mask.ge(0.5).to(ScalarType.Float32)));
        bool beginsWithNoise = strength >= 1 && !preparation.KeepsSignal;
        bool encodes = !preparation.ShowsMask || !beginsWithNoise;
        var latents = encodes ? preparation.Encode(all, preparation.DrawEncoding()) : null;
        var noise = preparation.Draw();
        var (_, _, height, width) = noise.shape;
        var small = nn.functional.interpolate(sharp, [height, width], mode: InterpolationMode.Nearest);
        var sample = beginsWithNoise
            ? noise * plan.StartScale : PictureStart.Noised(Filled(latents!, noise, small), noise, plan.PictureLevel);
        var drawn = preparation.DrawEncoding();
        if (!preparation.ShowsMask) return new(sample) { Mixing = preparation.Mixing(latents!, noise, small) };
        return new(sample) { Beside = cat([small, preparation.Encode(all * (1 - sharp), drawn)], 1) };
    }

    // AUTOMATIC1111 fills with the noise of the seeds anew, which is what sampling begins with (modules/processing.py, at 82a973c).
    Tensor Filled(Tensor latents, Tensor noise, Tensor small) => Content switch
    {
        MaskedContent.Noise => latents * (1 - small) + noise * small,
        MaskedContent.Nothing => latents * (1 - small),
        _ => latents,
    };
}
