namespace Lowrank.Diffusion;

/// <summary>Masks at the size of latents.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, StableDiffusionProcessingImg2Img.init, at 1.10.1.</remarks>
public static class LatentMask
{
    /// <summary>The mask at the latents' size, by Pillow's bicubic: 1 where they are drawn anew, 0 where they stay.</summary>
    /// <param name="mask">At any size.</param>
    /// <param name="width">Latent columns.</param>
    /// <param name="height">Latent rows.</param>
    /// <param name="rounded">Whether each is 0 or 1; else what is between stays.</param>
    /// <returns>(height, width), float32, on the CPU.</returns>
    public static Tensor Of(Mask mask, int width, int height, bool rounded = true)
    {
        using var scope = NewDisposeScope();
        var resized = Resampler.Resize(mask, width, height, ResamplingKernel.Bicubic);
        var levels = tensor(resized.Levels, [height, width], dtype: ScalarType.Byte, device: CPU).to(ScalarType.Float32).div(255);
        return scope.MoveToOuter(rounded ? levels.round() : levels);
    }
}
