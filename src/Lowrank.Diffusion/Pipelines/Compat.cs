namespace Lowrank.Diffusion;

/// <summary>
/// In whose way pictures are made where programs differ: noise, prompts, sigma tables, the number of steps from a picture, how odd sizes
/// are enlarged inside of the network, and whether colours are rounded.
/// </summary>
/// <param name="Name">What a user types, and pictures' texts tell.</param>
/// <param name="Syntax">How prompts say several things.</param>
/// <param name="Encoding">How a prompt becomes what the network is told; by the most tokens that are read of plain ones.</param>
public sealed record Compat(string Name, PromptSyntax Syntax, Func<int, PromptEncoding> Encoding)
{
    /// <summary>Lowrank's own way.</summary>
    public static Compat None { get; } = new("none", PromptSyntax.Plain, tokens => new PlainEncoding(tokens));

    /// <summary>AUTOMATIC1111's (1.10).</summary>
    public static Compat WebUi { get; } = new("a1111", PromptSyntax.WebUi, _ => PromptEncoding.WebUi)
    {
        Manner = SamplerManner.WebUi,
        StrengthRule = StrengthRule.ShareAndOne,
        DoublesOddSizes = true,
        CutsColours = true,
        Table = config => NoiseSchedule.Stored(config),
    };

    /// <summary>ComfyUI's (0.3.64).</summary>
    public static Compat ComfyUi { get; } = new("comfyui", PromptSyntax.Plain, _ => PromptEncoding.Comfy)
    {
        Manner = SamplerManner.ComfyUi,
        StrengthRule = StrengthRule.Longer,
        CutsColours = true,
        BeginsNoiseAnew = true,
        EncodesMean = true,
        BeginsWithSignal = true,
        AsksAtWholeTimesteps = true,
    };

    /// <summary>diffusers' (0.42).</summary>
    public static Compat Diffusers { get; } = new("diffusers", PromptSyntax.Plain, tokens => new PlainEncoding(tokens))
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

    /// <summary>Whether latents of odd sides are doubled inside of the network, and then brought to the size that waits.</summary>
    public bool DoublesOddSizes { get; init; }

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

    /// <summary>Whether a picture's latents are the most likely ones, where others draw them.</summary>
    public bool EncodesMean { get; init; }

    /// <summary>The model's levels of noise, where a sampler is named.</summary>
    public Func<Lowrank.Models.SchedulerConfig, NoiseSchedule> Table { get; init; } = config => NoiseSchedule.From(config, doubles: true);

    /// <summary>What holds the part of a picture that is not drawn anew.</summary>
    /// <param name="original">Its clean latents.</param>
    /// <param name="noise">The noise that sampling began with.</param>
    /// <param name="mask">1 where it is drawn anew.</param>
    /// <param name="isOverTimesteps">Whether the sampler keeps the variance, as DDIM does.</param>
    public LatentMixing Mixing(Tensor original, Tensor noise, Tensor mask, bool isOverTimesteps)
    {
        if (Name == Diffusers.Name) return new PutBackMixing(original, noise, mask);
        if (Name == ComfyUi.Name) return new NoisedMixing(original, noise, mask);
        return Name == WebUi.Name && isOverTimesteps ? new ShownMixing(original, mask) : new CleanMixing(original, mask);
    }
}
