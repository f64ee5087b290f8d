namespace Lowrank.Diffusion;

/// <summary>
/// In whose way pictures are made where programs differ: noise, prompts, sigma tables, the number of steps from a picture, and whether
/// colours are rounded.
/// </summary>
/// <param name="Name">What a user types, and pictures' texts tell.</param>
/// <param name="Prompts">How prompts are written.</param>
public sealed record Compat(string Name, PromptWay Prompts)
{
    /// <summary>Lowrank's own way.</summary>
    public static Compat None { get; } = new("none", PromptWay.Plain);

    /// <summary>AUTOMATIC1111's (1.10), which differs in all: jobs of its own draw, and <see cref="TextToImage"/> does not.</summary>
    public static Compat WebUi { get; } = new("a1111", PromptWay.WebUi);

    /// <summary>ComfyUI's (0.3.64).</summary>
    public static Compat ComfyUi { get; } = new("comfyui", PromptWay.Comfy)
    {
        Manner = SamplerManner.ComfyUi,
        StrengthRule = StrengthRule.Longer,
        CutsColours = true,
        BeginsNoiseAnew = true,
        EncodesToMeans = true,
        BeginsWithSignal = true,
        AsksAtWholeTimesteps = true,
    };

    /// <summary>diffusers' (0.42).</summary>
    public static Compat Diffusers { get; } = new("diffusers", PromptWay.Plain)
    {
        Table = config => NoiseSchedule.From(config),
    };

    static readonly NamedList<Compat> list = new("program", compat => [compat.Name], [None, WebUi, ComfyUi, Diffusers]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Compat> All => list.All;

    /// <summary>The one of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static Compat Named(string name) => list.Named(name);

    /// <summary>Whose way samplers go.</summary>
    public SamplerManner Manner { get; init; }

    /// <summary>How many of the steps are walked from a picture.</summary>
    public StrengthRule StrengthRule { get; init; } = StrengthRule.Share;

    /// <summary>Whether colours are cut to whole levels rather than rounded.</summary>
    public bool CutsColours { get; init; }

    /// <summary>Whether noise on the way is drawn by the seed anew, so that its first draw is the noise that sampling began with.</summary>
    public bool BeginsNoiseAnew { get; init; }

    /// <summary>
    /// Whether the sample at the highest level is as wide as signal and noise together, and holds the picture that is given.
    /// </summary>
    public bool BeginsWithSignal { get; init; }

    /// <summary>Whether networks are asked at whole timesteps alone, the nearest where a level lies between two.</summary>
    public bool AsksAtWholeTimesteps { get; init; }

    /// <summary>Whether a picture's latents are those that the autoencoder thinks likeliest, rather than drawn.</summary>
    public bool EncodesToMeans { get; init; }

    /// <summary>The model's levels of noise, where a sampler is named.</summary>
    public Func<Lowrank.Models.SchedulerConfig, NoiseSchedule> Table { get; init; } = config => NoiseSchedule.From(config, doubles: true);

    /// <summary>What holds the part of a picture that is not drawn anew.</summary>
    /// <param name="original">Its clean latents.</param>
    /// <param name="noise">The noise that sampling began with.</param>
    /// <param name="mask">1 where it is drawn anew.</param>
    public LatentMixing Mixing(Tensor original, Tensor noise, Tensor mask)
    {
        if (Name == Diffusers.Name) return new PutBackMixing(original, noise, mask);
        return Name == ComfyUi.Name ? new NoisedMixing(original, noise, mask) : new CleanMixing(original, mask);
    }
}
