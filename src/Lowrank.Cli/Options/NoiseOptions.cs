using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that say what seeds become: from which generator, and varied by what.</summary>
sealed class NoiseOptions
{
    readonly Option<string> source = new("--rng")
    {
        HelpName = "NAME",
        Description = "what turns seeds into noise: cpu (torch's generator, as ComfyUI's) or nv (AUTOMATIC1111's on NVIDIA's cards)",
        DefaultValueFactory = _ => NoiseSources.Cpu.Name,
    };

    readonly Option<string> seed = new("--variation-seed")
    {
        HelpName = "N",
        Description = "a seed whose noise is mixed in, by --variation-strength",
    };

    readonly Option<double> strength = new("--variation-strength")
    {
        HelpName = "SHARE",
        Description = "share of the variation seed's noise: 0 is none, 1 is all of it",
    };

    readonly Option<string> resize = new("--seed-resize")
    {
        HelpName = "WxH",
        Description = "lay the seed's noise of this size in the middle, for a like picture at another size",
    };

    readonly Option<long> delta = new("--ensd")
    {
        HelpName = "N",
        Description = "added to the seeds of all draws after the first (AUTOMATIC1111's eta noise seed delta)",
    };

    public NoiseOptions() => source.AcceptNames([.. NoiseSources.All.Select(one => one.Name)], NoiseSources.Named);

    /// <summary>The options.</summary>
    public Option[] All => [source, seed, strength, resize, delta];

    /// <summary>What each sets.</summary>
    public IReadOnlyList<(Option Option, Func<GenerateOptions, ParseResult, GenerateOptions> With)> Settings =>
    [
        (source, (options, result) => options with { NoiseSource = NoiseSources.Named(result.GetRequiredValue(source)) }),
        (seed, (options, result) => Varied(options, variation => variation with { Seeds = SeedOf(result) })),
        (strength, (options, result) => Varied(options, variation => variation with { Strength = result.GetValue(strength) })),
        (resize, (options, result) => Varied(options, variation => variation with { ResizeFrom = SizeOf(result) })),
        (delta, (options, result) => Varied(options, variation => variation with { SeedDelta = result.GetValue(delta) })),
    ];

    /// <summary>What was typed and changes nothing; null where there is no such thing.</summary>
    public string? Idle(ParseResult result)
    {
        bool mixes = result.GetValue(strength) != 0;
        if (result.GetValue(seed) is not null && !mixes) return "--variation-seed is not used: --variation-strength is 0";
        return null;
    }

    static GenerateOptions Varied(GenerateOptions options, Func<SeedVariation, SeedVariation> changed) =>
        options with { Variation = changed(options.Variation) };

    long[] SeedOf(ParseResult result)
    {
        if (result.GetValue(seed) is not { } text) return [];
        if (Seeds.Read(text) is { } read) return [read];
        throw new UsageException($"'{text}' is not a seed. Write a whole number from 0 to 2^64 - 1.");
    }

    (int, int)? SizeOf(ParseResult result)
    {
        const string field = "Size";
        if (result.GetValue(resize) is not { } text) return null;
        return new InfoText("", "", [new(field, text)]).SizeOf(field) is { Width: > 0, Height: > 0 } size
            ? size
            : throw new UsageException($"'{text}' is not a size. Write width and height in pixels, as in --seed-resize 512x512.");
    }
}
