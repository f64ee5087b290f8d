namespace Lowrank.Workbench;

/// <summary>What enlarges a picture, or its latents, before a second pass.</summary>
public static class HiresUpscaler
{
    /// <summary>The one of a name, its own or AUTOMATIC1111's ("Latent (nearest-exact)"); capitals make no difference.</summary>
    /// <returns>A mode of <see cref="LatentScaling.Modes"/>, or an upscaler's name.</returns>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static string Named(string name)
    {
        if (WebUiEnlarging.UpscalerOf(name) is { } known) return known;
        if (WebUiEnlarging.IsSmooth(name))
            throw new LowrankException($"latents are not smoothed here as {name} does: take bilinear or bicubic");
        var all = WebUiEnlarging.Names.Concat(LatentScaling.Modes).Concat(Upscalers.All.Select(one => one.Name)).ToList();
        throw new LowrankException(LooksLikeNetwork(name)
            ? $"there is no upscaler \"{name}\": upscalers that are networks are not done; the nearest in kind is Lanczos"
            : $"there is no upscaler \"{name}\" (nearest: {string.Join(", ", NearestNames.To(name, all))})");
    }

    // As ESRGAN's files are called: 4x-UltraSharp, RealESRGAN_x4plus, R-ESRGAN 4x+, SwinIR 4x.
    static bool LooksLikeNetwork(string name)
    {
        string plain = name.ToLowerInvariant();
        string[] families = ["gan", "4x", "2x", "8x", "x4", "x2", "swinir", "ldsr", "dat", "scunet", ".pth", ".safetensors"];
        return families.Any(family => plain.Contains(family, StringComparison.Ordinal));
    }
}
