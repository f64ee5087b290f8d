using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>The options that say how pictures are sampled, at which size, and by what it is computed.</summary>
sealed class SamplingOptions
{
    static readonly GenerateOptions usual = new();
    static readonly string[] samplers = [.. Samplers.All.Select(sampler => sampler.Name)];
    static readonly string[] schedules = [.. Schedules.All.Select(schedule => schedule.Name)];

    readonly Option<int> steps = new("--steps")
    {
        HelpName = "N",
        Description = "sampling steps: more take longer and are finer",
        DefaultValueFactory = _ => usual.Steps,
    };

    readonly Option<double> guidance = new("--guidance", "--cfg-scale", "--cfg_scale", "--cfg")
    {
        HelpName = "SCALE",
        Description = "how strongly the prompt is followed; 1 is not at all, and twice as fast",
        DefaultValueFactory = _ => usual.GuidanceScale,
    };

    readonly Option<string> sampler = new("--sampler")
    {
        HelpName = "NAME",
        Description = string.Join(", ", samplers),
        DefaultValueFactory = _ => usual.Sampler!,
    };

    readonly Option<string> schedule = new("--schedule")
    {
        HelpName = "NAME",
        Description = $"{string.Join(", ", schedules)} (default: the sampler's own)",
    };

    readonly Option<string> precision = new("--precision")
    {
        HelpName = "NAME",
        Description = PrecisionNames.Prose,
        DefaultValueFactory = _ => "auto",
    };

    readonly DeviceOption device = new();

    public SamplingOptions()
    {
        sampler.AcceptNames(samplers, SamplerLabel.Read);
        schedule.AcceptNames(schedules, Schedules.Named);
        precision.AcceptNames(PrecisionNames.All, PrecisionNames.Named);
        Settings = new()
        {
            {
                new Option<int?>("--width") { HelpName = "PIXELS", Description = "width, a multiple of 8 (default: the model's own)" },
                (options, pixels) => options with { Width = pixels }
            },
            {
                new Option<int?>("--height") { HelpName = "PIXELS", Description = "height, a multiple of 8 (default: the model's own)" },
                (options, pixels) => options with { Height = pixels }
            },
            { steps, (options, number) => options with { Steps = number } },
            { guidance, (options, scale) => options with { GuidanceScale = scale } },
            GuidanceOptions.Settings,
            { sampler, (options, name) => options.Sampled(SamplerLabel.Read(name!)) },
            {
                new Option<string[]>("--sampler-option")
                {
                    HelpName = "NAME=VALUE",
                    Description = $"{string.Join(", ", SamplerOptionNames.All.Select(option => option.Name))}, where the sampler knows " +
                        "it; may be given several times",
                    CustomParser = EachToken.By<string>(SamplerOptionArgument.Parse),
                },
                (options, texts) => options with { SamplerOptions = SamplerOptionNames.Read(texts ?? []) }
            },
            { schedule, (options, name) => name is null ? options : options with { Schedule = name } },
            LevelOptions.Settings,
            {
                new Option<int>("--clip-skip")
                {
                    HelpName = "N",
                    Description = "read the text encoder N layers from its end; 1 is the last",
                    DefaultValueFactory = _ => usual.ClipSkip,
                },
                (options, layers) => options with { ClipSkip = layers }
            },
            {
                new Option<int>("--max-tokens")
                {
                    HelpName = "N",
                    Description = "tokens that are read of a prompt, in pieces of 75: 75, 150, 225, ...",
                    DefaultValueFactory = _ => usual.MaxTokens,
                },
                (options, tokens) => options with { MaxTokens = tokens }
            },
        };
        Computing = new()
        {
            { precision, (request, name) => request with { Precision = name! } },
            { device, (request, name) => request with { Device = name! } },
        };
    }

    /// <summary>The options.</summary>
    public Option[] All => [.. Settings, .. Computing];

    /// <summary>How pictures are made.</summary>
    public SettingList<GenerateOptions> Settings { get; }

    /// <summary>What computes them, and in which dtype.</summary>
    public SettingList<GeneratingRequest> Computing { get; }

    /// <summary>dtype and device of a call.</summary>
    public (string Precision, string Device) ComputingOf(ParseResult result) =>
        (result.GetRequiredValue(precision), result.GetRequiredValue(device));

    /// <summary>Which settings of sampling were typed.</summary>
    public GivenSampling GivenOf(ParseResult result)
    {
        (Option Option, GivenSampling Setting)[] all =
        [
            (sampler, GivenSampling.Sampler), (schedule, GivenSampling.Schedule),
            (steps, GivenSampling.Steps), (guidance, GivenSampling.Guidance),
        ];
        return all.Where(one => result.IsGiven(one.Option))
            .Aggregate(GivenSampling.None, (given, one) => given | one.Setting);
    }

    /// <summary>Tells of a schedule in a sampler's name that gives way to the option, in either pass.</summary>
    public void TellDropped(ParseResult result, Account known)
    {
        TellDropped(result.GetRequiredValue(sampler), result.GetValue(schedule), schedule.Name, known);
        TellDropped(result.GetValue<string>("--hires-sampler"), result.GetValue<string>("--hires-schedule"), "--hires-schedule", known);
    }

    static void TellDropped(string? sampler, string? schedule, string option, Account known)
    {
        if (sampler is null || schedule is null || SamplerLabel.Read(sampler).Schedule is not { } inside) return;
        if (Schedules.Named(schedule) == Schedules.Named(inside)) return;
        known.Leaves("idle_schedule", $"{inside} of the sampler \"{sampler}\" is not used: {option} {schedule} comes before it");
    }
}
