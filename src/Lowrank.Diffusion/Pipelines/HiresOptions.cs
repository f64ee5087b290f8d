namespace Lowrank.Diffusion;

/// <summary>A second pass, in which what the first one drew is enlarged and made anew in part.</summary>
/// <param name="Scale">Factor of both sides, above 1; the size is cut to what the autoencoder can do.</param>
/// <param name="Strength">How much is made anew, above 0 to 1.</param>
public sealed record HiresOptions(double Scale, double Strength = 0.7)
{
    /// <summary>
    /// What pictures' texts call its strength where the first pass begins with a picture, whose strength has the usual name.
    /// </summary>
    public const string StrengthField = "Hires denoising strength";

    /// <summary>How: a mode of <see cref="LatentScaling.Modes"/> for latents, or an upscaler's name for the picture.</summary>
    public string Upscaler { get; init; } = "bilinear";

    /// <summary>Steps of the pass; null as many as the first.</summary>
    public int? Steps { get; init; }

    /// <summary>Its sampler; null for the same.</summary>
    public string? Sampler { get; init; }

    /// <summary>Its schedule; null for the request's, and where that names none, its sampler's own.</summary>
    public string? Schedule { get; init; }

    /// <summary>Its prompt; null for the same.</summary>
    public string? Prompt { get; init; }

    /// <summary>Whether the latents themselves are enlarged.</summary>
    public bool EnlargesLatents => LatentScaling.Modes.Contains(Upscaler);

    /// <summary>The size of the second pass, cut to whole latent pixels.</summary>
    /// <param name="width">Pixels across of the first.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="factor">Pixels of a latent's side.</param>
    public (int Width, int Height) SizeOf(int width, int height, int factor) =>
        ((int)(width * Scale) / factor * factor, (int)(height * Scale) / factor * factor);

    /// <summary>What the second pass has of the first one's options, and what it has of its own; without its size and start.</summary>
    /// <param name="options">The first pass's.</param>
    public GenerateOptions PassOver(GenerateOptions options) => options with
    {
        Steps = Steps ?? options.Steps,
        Sampler = Sampler ?? options.Sampler,
        Schedule = Schedule ?? options.Schedule,
        Prompts = Prompt is { } prompt ? [.. options.Prompts.Select(_ => prompt)] : options.Prompts,
        StrengthRule = StrengthRule.Exact,
        Hires = null,
    };

    /// <summary>What cannot be done of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (!(Scale > 1 && double.IsFinite(Scale))) yield return $"`hires` is {PlainValue.Text(Scale)} (above 1)";
        if (!(Strength is > 0 and <= 1)) yield return $"`hires strength` is {PlainValue.Text(Strength)} (above 0 to 1)";
        if (Steps is < 1) yield return $"`hires steps` is {Steps} (1 or more)";
        bool isKnown = EnlargesLatents || Upscalers.All.Any(one => one.Name.Equals(Upscaler, StringComparison.OrdinalIgnoreCase));
        if (!isKnown)
        {
            var known = LatentScaling.Modes.Concat(Upscalers.All.Select(one => one.Name));
            yield return $"`hires upscaler` is {Upscaler} ({string.Join(", ", known)})";
        }
    }
}
