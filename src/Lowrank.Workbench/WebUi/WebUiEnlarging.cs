namespace Lowrank.Workbench;

/// <summary>How a web UI enlarges latents between two passes: as they are, or as pictures.</summary>
/// <param name="Name">What it is called: "Latent (bicubic)".</param>
/// <param name="Mode">How latents are interpolated.</param>
/// <param name="Smooth">Whether against aliasing.</param>
/// <remarks>Source: AUTOMATIC1111, modules/shared.py, latent_upscale_modes, at 82a973c.</remarks>
sealed record WebUiEnlarging(string Name, string Mode, bool Smooth)
{
    static readonly WebUiEnlarging[] all =
    [
        new("Latent", "bilinear", false), new("Latent (antialiased)", "bilinear", true), new("Latent (bicubic)", "bicubic", false),
        new("Latent (bicubic antialiased)", "bicubic", true), new("Latent (nearest)", "nearest", false),
        new("Latent (nearest-exact)", "nearest-exact", false),
    ];

    /// <summary>The one of a name; null where it enlarges pictures.</summary>
    /// <param name="name">The name; null means "Latent".</param>
    /// <exception cref="LowrankException">Neither does; the nearest names are given.</exception>
    public static WebUiEnlarging? Named(string? name)
    {
        var found = Array.Find(all, one => one.Name == (name ?? all[0].Name));
        if (found is null && !Upscalers.All.Any(one => one.Name == name))
        {
            var names = all.Select(one => one.Name).Concat(Upscalers.All.Select(one => one.Name));
            throw new LowrankException($"there is no upscaler \"{name}\" (nearest: {string.Join(", ", NearestNames.To(name!, names))})");
        }
        return found;
    }

    /// <summary>What a way to interpolate latents is called, without what works against aliasing.</summary>
    /// <param name="mode">One of <see cref="LatentScaling.Modes"/>.</param>
    public static string LabelOf(string mode) => Array.Find(all, one => one.Mode == mode && !one.Smooth)!.Name;

    /// <summary>What all are called that do not work against aliasing.</summary>
    public static IEnumerable<string> Names => all.Where(one => !one.Smooth).Select(one => one.Name);

    /// <summary>Whether it is the name of one that works against aliasing.</summary>
    public static bool IsSmooth(string text) =>
        Array.Exists(all, one => one.Smooth && one.Name.Equals(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>A second pass's upscaler by AUTOMATIC1111's name or its own, capitals aside; null where there is none.</summary>
    public static string? UpscalerOf(string text)
    {
        if (Array.Find(all, one => IsNamed(one.Name) && !one.Smooth) is { } way) return way.Mode;
        return LatentScaling.Modes.Concat(Upscalers.All.Select(one => one.Name)).FirstOrDefault(IsNamed);

        bool IsNamed(string name) => name.Equals(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Latents (B, C, H, W) at another size.</summary>
    public Tensor Enlarge(Tensor latents, int width, int height) => LatentScaling.Resize(latents, height, width, Mode, Smooth);
}
