using static Lowrank.Workbench.AxisForms;

namespace Lowrank.Workbench;

/// <summary>Axes over steps, guidance, samplers and sizes.</summary>
static class SamplingAxes
{
    // What AUTOMATIC1111 calls some of the samplers' options on its axes.
    static readonly Dictionary<string, string> webUi = new()
    {
        ["churn_from"] = "Sigma min", ["churn_to"] = "Sigma max", ["order"] = "UniPC Order",
    };

    public static IReadOnlyList<GridAxis<GeneratingRequest>> All { get; } =
    [
        Chosen(GivenSampling.Steps, Option("Steps", "steps", GridValueKind.Whole, (options, value) => options with { Steps = Int(value) })),
        Chosen(GivenSampling.Guidance, Option("CFG Scale", "guidance", GridValueKind.Number, WithGuidance)) with { OtherNames = ["cfg"] },
        Option("Guidance rescale", "guidance rescale", GridValueKind.Number,
            (options, value) => options with { GuidanceRescale = value.Number }),
        Option("PAG", "pag", GridValueKind.Number, (options, value) => options with { PerturbedScale = value.Number }) with
        {
            OtherNames = ["Perturbed attention"],
        },
        Option("FreeU", "freeu", GridValueKind.Text, WithFreeU),
        new("Sampler", GridValueKind.Text, WithSampler) { LabelOf = Alone },
        Chosen(GivenSampling.Schedule, Option("Schedule type", "schedule", GridValueKind.Text, WithSchedule)) with
        {
            OtherNames = ["scheduler"], Turn = 1,
        },
        .. SamplerOptionNames.All.Select(OfSampler),
        Option("Width", "width", GridValueKind.Whole, (options, value) => options with { Width = Int(value) }),
        Option("Height", "height", GridValueKind.Whole, (options, value) => options with { Height = Int(value) }),
        Option("Size", "size", GridValueKind.Text, WithSize),
        Option("Compat", "compat", GridValueKind.Text, (options, value) => options.In(Compat.Named(value.Text))),
    ];

    static GenerateOptions WithGuidance(GenerateOptions options, GridValue value) => options with { GuidanceScale = value.Number };

    static GenerateOptions WithFreeU(GenerateOptions options, GridValue value)
    {
        if (IsNone(value)) return options with { FreeU = null };
        return options with
        {
            FreeU = FreeU.Read(value.Text)
                ?? throw new RequestException($"\"{value.Text}\" is no four factors. Write them within quotes, as in \"1.3,1.4,0.9,0.2\""),
        };
    }

    // A schedule in the sampler's name comes with it.
    static GeneratingRequest WithSampler(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        var label = SamplerLabel.Read(value.Text);
        var given = request.Given | GivenSampling.Sampler;
        if (label.Schedule is not null) given |= GivenSampling.Schedule;
        return request with
        {
            Options = request.Options with { Sampler = label.Sampler, Schedule = label.Schedule ?? request.Options.Schedule },
            Given = given,
        };
    }

    static GenerateOptions WithSchedule(GenerateOptions options, GridValue value) => options with
    {
        Schedule = value.Text.Equals(WebUiSamplers.Automatic, StringComparison.OrdinalIgnoreCase) ? null : Schedules.Named(value.Text).Name,
    };

    static GridAxis<GeneratingRequest> OfSampler(SamplerOptionName option) => Option(option.Field, option.Name, GridValueKind.Number,
        (options, value) => options with { SamplerOptions = option.Set(options.SamplerOptions, value.Number) }) with
    {
        OtherNames = [.. option.Others, .. webUi.TryGetValue(option.Name, out string? other) ? [other] : Array.Empty<string>()],
    };

    static GenerateOptions WithSize(GenerateOptions options, GridValue value)
    {
        var (width, height) = AxisForms.Size(value);
        return options with { Width = width, Height = height };
    }
}
