namespace Lowrank.Workbench;

/// <summary>A field of pictures' texts that a request honours.</summary>
/// <param name="Label">What it is called there.</param>
/// <param name="Taken">The request with a value; null where the value is none.</param>
sealed record RepeatedField(string Label, Func<GeneratingRequest, string, GeneratingRequest?> Taken)
{
    /// <summary>All of them. Sampler and schedule, which belong together, and the model are looked at apart.</summary>
    public static IReadOnlyList<RepeatedField> All { get; } =
    [
        Whole("Steps", (options, steps) => options with { Steps = steps }),
        Number("CFG scale", (options, scale) => options with { GuidanceScale = scale }),
        new("Seed", (request, text) => Seeds.Read(text.Trim()) is { } seed ? request with { Seeds = [seed] } : null),
        new("Size", (request, text) => new InfoText("", "", [new("Size", text)]).Size is var (width, height)
            ? request with { Options = request.Options with { Width = width, Height = height } }
            : null),
        new("RNG", (request, text) => NoiseSources.All.FirstOrDefault(source => source.Label == text) is { } source
            ? request with { Options = request.Options with { NoiseSource = source } }
            : null),
        new("Variation seed", (request, text) => Seeds.Read(text.Trim()) is { } seed
            ? Varied(request, v => v with { Seeds = [seed] })
            : null),
        new("Variation seed strength", (request, text) => PlainValue.ReadNumber(text) is { } strength and >= 0 and <= 1
            ? Varied(request, v => v with { Strength = strength })
            : null),
        new(ResizedFrom, (request, text) => new InfoText("", "", [new(ResizedFrom, text)]).SizeOf(ResizedFrom) is { } size
            ? Varied(request, v => v with { ResizeFrom = size })
            : null),
        new("ENSD", (request, text) => PlainValue.ReadWhole(text) is { } delta
            ? Varied(request, v => v with { SeedDelta = delta })
            : null),
        Whole("Clip skip", (options, skip) => options with { ClipSkip = skip }),
        Number("Eta DDIM", (options, eta) => options with { SamplerOptions = options.SamplerOptions with { Eta = eta } }),
        .. SamplerOptionNames.All.Select(option => Number(option.Field, (options, value) =>
            options with { SamplerOptions = option.Set(options.SamplerOptions, value) })),
    ];

    const string ResizedFrom = "Seed resize from";

    static GeneratingRequest Varied(GeneratingRequest request, Func<SeedVariation, SeedVariation> changed) =>
        request with { Options = request.Options with { Variation = changed(request.Options.Variation) } };

    static RepeatedField Whole(string label, Func<GenerateOptions, int, GenerateOptions> taken) => new(label, (request, text) =>
        PlainValue.ReadWhole(text) is { } value ? request with { Options = taken(request.Options, value) } : null);

    static RepeatedField Number(string label, Func<GenerateOptions, double, GenerateOptions> taken) => new(label, (request, text) =>
        PlainValue.ReadNumber(text) is { } value ? request with { Options = taken(request.Options, value) } : null);
}
