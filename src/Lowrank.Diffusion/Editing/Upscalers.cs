namespace Lowrank.Diffusion;

/// <summary>Ways to enlarge pictures without a network.</summary>
public static class Upscalers
{
    static readonly NamedList<Upscaler> list = new(
        "upscaler", upscaler => [upscaler.Name],
        new Upscaler("None", (picture, _, _) => picture),
        new Upscaler("Lanczos", (picture, width, height) => Resampler.Resize(picture, width, height, ResamplingKernel.Lanczos)),
        new Upscaler("Nearest", Resampler.Nearest));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Upscaler> All => list.All;

    /// <summary>"None", which leaves enlarging to the plain resize that follows.</summary>
    public static Upscaler None => All[0];

    /// <summary>Adds one, where the program starts.</summary>
    public static void Add(Upscaler upscaler) => list.Add(upscaler);

    /// <summary>The one of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static Upscaler Named(string name) => list.Named(name);
}
