using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// In whose way pictures are made where programs differ: noise, prompts, sigma tables, the number of steps from a picture, and whether
/// colours are rounded. What differs is asked of its properties, not of its name.
/// </summary>
/// <param name="Name">What a user types, and pictures' texts tell.</param>
/// <param name="Prompts">How prompts are written.</param>
public sealed record Compat(string Name, PromptWay Prompts)
{
    /// <summary>Lowrank's own way.</summary>
    public static Compat None { get; } = new("none", PromptWay.Plain);

    /// <summary>AUTOMATIC1111's (1.10), which differs in all.</summary>
    public static Compat WebUi { get; } = new("a1111", PromptWay.WebUi)
    {
        StrengthRule = StrengthRule.ShareAndOne,
        HasOwnJobs = true,
        SecondPassHasAdapters = true,
        MasksAllWithoutPicture = true,
        BatchSeeds = BatchSeeds.CountUpUnlessVaried,
    };

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
        BatchSeeds = BatchSeeds.One,
        Mixing = (original, noise, mask) => new NoisedMixing(original, noise, mask),
    };

    /// <summary>diffusers' (0.42).</summary>
    public static Compat Diffusers { get; } = new("diffusers", PromptWay.Plain)
    {
        Table = config => NoiseSchedule.From(config),
        EncodesByNoise = true,
        Mixing = (original, noise, mask) => new PutBackMixing(original, noise, mask),
    };

    static readonly NamedList<Compat> list = new("program", compat => [compat.Name], [None, WebUi, ComfyUi, Diffusers]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Compat> All => list.All;

    /// <summary>The one of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static Compat Named(string name) => list.Named(name);

    /// <summary>
    /// Whether jobs of its own draw and tell how, and <see cref="TextToImage"/> does not.
    /// </summary>
    public bool HasOwnJobs { get; init; }

    /// <summary>Whose way samplers go.</summary>
    public SamplerManner Manner { get; init; }

    /// <summary>How many of the steps are walked from a picture.</summary>
    public StrengthRule StrengthRule { get; init; } = StrengthRule.Share;

    /// <summary>Whether a second pass has the adapters that its own prompt names, rather than the first one's.</summary>
    public bool SecondPassHasAdapters { get; init; }

    /// <summary>Whether an inpainting model without a picture is shown a mask over all; elsewhere it wants a picture and a mask.</summary>
    public bool MasksAllWithoutPicture { get; init; }

    /// <summary>The seeds of a batch.</summary>
    public BatchSeeds BatchSeeds { get; init; }

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

    /// <summary>Whether the noise's own generator draws a picture's latents, so that the noise is its later draws.</summary>
    public bool EncodesByNoise { get; init; }

    /// <summary>The model's levels of noise, where a sampler is named.</summary>
    public Func<SchedulerConfig, NoiseSchedule> Table { get; init; } = config => NoiseSchedule.From(config, doubles: true);

    /// <summary>
    /// What holds the part of a picture that is not drawn anew: of its clean latents, the noise that sampling began with, and a mask that
    /// is 1 where it is drawn anew.
    /// </summary>
    public Func<Tensor, Tensor, Tensor, LatentMixing> Mixing { get; init; } = (original, _, mask) => new CleanMixing(original, mask);

    /// <summary>Whether all pictures of a batch have its first seed.</summary>
    /// <param name="variation">What is changed of the seeds' noise.</param>
    public bool SharesSeed(SeedVariation variation) => BatchSeeds switch
    {
        BatchSeeds.One => true,
        BatchSeeds.CountUpUnlessVaried => variation.Strength != 0,
        _ => false,
    };
}
