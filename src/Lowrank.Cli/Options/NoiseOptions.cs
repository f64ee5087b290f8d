using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that say what seeds become: from which generator, and varied by what.</summary>
sealed class NoiseOptions
{
    readonly Option<string> source = new("--rng")
    {
        HelpName = "NAME",
        Description = "what turns seeds into noise: cpu (torch's generator, as ComfyUI's) or nv (AUTOMATIC1111's on NVIDIA's cards)",
        DefaultValueFactory = _ => new GenerateOptions().NoiseSource.Name,
    };

    readonly Option<string> seed = new("--variation-seed")
    {
        HelpName = "N",
        Description = "a seed whose noise is mixed in, by --variation-strength; 0 where none is given",
    };

    readonly Option<double> strength = new("--variation-strength")
    {
        HelpName = "SHARE",
        Description = "share of the variation seed's noise: 0 is none, 1 is all of it",
    };

    public NoiseOptions()
    {
        source.AcceptNames([.. NoiseSources.All.Select(one => one.Name)], NoiseSources.Named);
        Settings = new()
        {
            { source, (options, name) => options with { NoiseSource = NoiseSources.Named(name!) } },
            { seed, (options, text) => Varied(options, variation => variation with { Seeds = SeedsOf(text) }) },
            { strength, (options, share) => Varied(options, variation => variation with { Strength = share }) },
            {
                new Option<string>("--seed-resize")
                {
                    HelpName = "WxH",
                    Description = "lay the seed's noise of this size in the middle, for a like picture at another size",
                },
                (options, text) => Varied(options, variation => variation with { ResizeFrom = SizeOf(text) })
            },
            {
                new Option<long>("--ensd")
                {
                    HelpName = "N",
                    Description = "added to the seeds of all draws after the first (AUTOMATIC1111's eta noise seed delta)",
                },
                (options, delta) => Varied(options, variation => variation with { SeedDelta = delta })
            },
        };
    }

    /// <summary>The options, and what each sets.</summary>
    public SettingList<GenerateOptions> Settings { get; }

    /// <summary>What was typed and changes nothing; null where there is no such thing.</summary>
    public string? Idle(ParseResult result)
    {
        bool mixes = result.GetValue(strength) != 0;
        return result.GetValue(seed) is not null && !mixes ? $"{seed.Name} is not used: {strength.Name} is 0" : null;
    }

    static GenerateOptions Varied(GenerateOptions options, Func<SeedVariation, SeedVariation> changed) =>
        options with { Variation = changed(options.Variation) };

    static long[] SeedsOf(string? text)
    {
        if (text is null) return [];
        return Seeds.Read(text) is { } read ? [read] : throw new UsageException(
            $"'{text}' is not a seed. Write a whole number from 0 to 2^64 - 1.");
    }

    static (int, int)? SizeOf(string? text)
    {
        const string field = "Size";
        if (text is null) return null;
        return new InfoText("", "", [new(field, text)]).SizeOf(field) is { } size && SeedVariation.IsSize(size)
            ? size
            : throw new UsageException($"'{text}' is not a size. Write width and height in pixels, multiples of {SeedVariation.Factor}, " +
                "as in --seed-resize 512x512.");
    }
}
