namespace Lowrank.Workbench;

/// <summary>A field of pictures' texts that a request honours.</summary>
/// <param name="Label">What it is called there.</param>
/// <param name="Taken">The request with a value; null where the value is none.</param>
sealed record RepeatedField(string Label, Func<GeneratingRequest, string, GeneratingRequest?> Taken)
{
    /// <summary>What is taken of a request where the value is none, in words; null where what is usual is.</summary>
    public Func<GeneratingRequest, string>? Instead { get; init; }

    /// <summary>All of them. Sampler and schedule, which belong together, and the model are looked at apart.</summary>
    public static IReadOnlyList<RepeatedField> All { get; } =
    [
        Whole(InfoLabel.Steps, (options, steps) => options with { Steps = steps }) with
        {
            Instead = request => PlainValue.Text((long)request.Options.Steps),
        },
        Number(InfoLabel.Guidance, (options, scale) => options with { GuidanceScale = scale }) with
        {
            Instead = request => PlainValue.Text(request.Options.GuidanceScale),
        },
        new(InfoLabel.Seed, (request, text) => Seeds.Read(text.Trim()) is { } seed ? request with { Seeds = [seed] } : null)
        {
            Instead = _ => "one that is given, or drawn by chance,",
        },
        new(InfoLabel.Size, (request, text) => new InfoText("", "", [new(InfoLabel.Size, text)]).Size is var (width, height)
            ? request with { Options = request.Options with { Width = width, Height = height } }
            : null)
        {
            Instead = request => request.Options is { Width: { } width, Height: { } height } ? $"{width}x{height}" : "the model's own",
        },
        new(InfoLabel.NoiseSource, (request, text) => NoiseSources.All.FirstOrDefault(source => source.Label == text) is { } source
            ? request with { Options = request.Options with { NoiseSource = source } }
            : null),
        new("Compat", (request, text) => Compat.All.FirstOrDefault(one => one.Name == text) is { } compat
            ? request with { Options = request.Options with { Compat = compat } }
            : null),
        new(BatchPart.Field, (request, text) => BatchPart.Read(text) is { } part
            ? With(request, options => options with { Part = part })
            : null),
        new(InfoLabel.VariationSeed, (request, text) => Seeds.Read(text.Trim()) is { } seed
            ? Varied(request, v => v with { Seeds = [seed] })
            : null),
        new(InfoLabel.VariationStrength, (request, text) => PlainValue.ReadNumber(text) is { } strength and >= 0 and <= 1
            ? Varied(request, v => v with { Strength = strength })
            : null),
        new(InfoLabel.SeedResize, (request, text) => ResizedSize(text) is { } size
            ? Varied(request, v => v with { ResizeFrom = size })
            : null),
        new(InfoLabel.SeedDelta, (request, text) => PlainValue.ReadWhole(text) is { } delta
            ? Varied(request, v => v with { SeedDelta = delta })
            : null),
        new(InfoLabel.Strength, WithStrength),
        Changed(PictureChange.OutpaintField, (change, text) => Outpainting.Read(text) is { } margins
            ? change with { Outpaint = margins }
            : null),
        Changed(PictureChange.FitField, (change, text) => Enum.TryParse(text, out PictureFit fit) ? change with { Fit = fit } : null),
        Masked(PictureChange.BlurField, (change, text) => PlainValue.ReadWhole(text) is { } blur ? change with { MaskBlur = blur } : null),
        Masked(InfoLabel.MaskMode, (change, text) => text == ChangedPictures.NotMaskedLabel ? change with { Inverts = true } : null),
        Masked(InfoLabel.MaskedArea, (change, text) => text == ChangedPictures.OnlyMaskedLabel ? change with { OnlyMasked = true } : null),
        Masked(InfoLabel.MaskPadding, (change, text) => PlainValue.ReadWhole(text) is { } pixels
            ? change with { Padding = pixels }
            : null),
        Masked(MaskedContents.Field, (change, text) => MaskedContents.Named(text) is { } content
            ? change with { Content = content }
            : null),
        Hires(InfoLabel.HiresScale, (hires, text) => PlainValue.ReadNumber(text) is { } scale ? hires with { Scale = scale } : null),
        Hires(HiresOptions.StrengthField, (hires, text) => PlainValue.ReadNumber(text) is { } share
            ? hires with { Strength = share }
            : null),
        Hires(InfoLabel.HiresSteps, (hires, text) => PlainValue.ReadWhole(text) is { } steps ? hires with { Steps = steps } : null),
        Hires(InfoLabel.HiresUpscaler, (hires, text) => WebUiEnlarging.UpscalerOf(text) is { } name
            ? hires with { Upscaler = name }
            : null),
        Hires(InfoLabel.HiresPrompt, (hires, text) => hires with { Prompt = text }),
        Hires(InfoLabel.HiresSchedule, (hires, text) =>
            Schedules.All.FirstOrDefault(one => one.Label == text || one.Name == text) is { } schedule
                ? hires with { Schedule = schedule.Name }
                : null),
        Hires(InfoLabel.HiresSampler, (hires, text) =>
            Samplers.All.FirstOrDefault(one => one.Label == text || one.Name == text) is { } sampler
                ? hires with { Sampler = sampler.Name }
                : null),
        Whole("Max tokens", (options, tokens) => options with { MaxTokens = tokens }),
        new(BatchPlace.Field, (request, text) => BatchPlace.Read(text) is { } place ? request with { Place = place } : null),
        Switch(NoiseSchedule.DowncastField, "True", options => options with { DowncastsAlphas = true }),
        Switch(NoiseSchedule.StretchedField, NoiseSchedule.ZeroTerminalLabel, options => options with { ZeroTerminalSnr = true }),
        new(RequestFields.Prediction, (request, name) => DenoisingSection.Predictions.All.Contains(name)
            ? Predicting(request, DenoisingSection.Predictions.Of(name))
            : null),
        new(RequestFields.Precision, (request, name) => PrecisionNames.All.Contains(name)
            ? request with { Precision = request.Precision == "auto" ? name : request.Precision }
            : null),
        Number("Guidance rescale", (options, share) => options with { GuidanceRescale = share }),
        Number(PerturbedAttention.Field, (options, scale) => options with { PerturbedScale = scale }),
        new(FreeU.Field, (request, text) => FreeU.Read(text) is { } free ? With(request, options => options with { FreeU = free }) : null),
        Whole(InfoLabel.ClipSkip, (options, skip) => options with { ClipSkip = skip }),
        Number("Eta DDIM", (options, eta) => options with { SamplerOptions = options.SamplerOptions with { Eta = eta } }),
        new(PromptEncoding.Field, (request, name) => PromptWay.Find(name) is { } way
            ? With(request, options => options.Written(way))
            : null),
        new(WebUiEncoding.EmphasisField, (request, name) => WebUiEncoding.EmphasisNamed(name) is { } emphasis
            ? OfWebUi(request, encoding => encoding with { Emphasis = emphasis })
            : null),
        new(WebUiEncoding.BacktrackField, (request, text) => PlainValue.ReadWhole(text) is { } backtrack
            ? OfWebUi(request, encoding => encoding with { Backtrack = backtrack })
            : null),
        new(WebUiEncoding.PaddingField, (request, text) => text == "True"
            ? OfWebUi(request, encoding => encoding with { PadsConditions = true })
            : null),
        Switch(WebUiSyntax.OldField, "True", options => options with { Syntax = new WebUiSyntax(HasOldScheduling: true) }),
        new(TilingChoice.Field, (request, text) => text == TilingChoice.Always.Text || PlainValue.ReadWhole(text) is > 0
            ? With(request, options => options with { Tiling = TilingChoice.Read(text) })
            : null),
        .. SamplerOptionNames.All.Select(option => Number(option.Field, (options, value) =>
            options with { SamplerOptions = option.Set(options.SamplerOptions, value) })),
    ];

    static GeneratingRequest With(GeneratingRequest request, Func<GenerateOptions, GenerateOptions> change) =>
        request with { Options = change(request.Options) };

    // Of prompts that are read otherwise it is not known.
    static GeneratingRequest? OfWebUi(GeneratingRequest request, Func<WebUiEncoding, WebUiEncoding> change) =>
        request.Options.Encoding is WebUiEncoding encoding ? With(request, options => options with { Encoding = change(encoding) }) : null;

    // What was typed comes first.
    static GeneratingRequest Predicting(GeneratingRequest request, PredictionType? told) =>
        request with { ModelOptions = request.ModelOptions with { Prediction = request.ModelOptions.Prediction ?? told } };

    static GeneratingRequest Varied(GeneratingRequest request, Func<SeedVariation, SeedVariation> changed) =>
        request with { Options = request.Options with { Variation = changed(request.Options.Variation) } };

    // Of the second pass where there is one, else of the picture that is changed, which a text does not hold.
    static GeneratingRequest? WithStrength(GeneratingRequest request, string text)
    {
        if (PlainValue.ReadNumber(text) is not { } strength) return null;
        if (request.Options.Hires is { } hires)
            return request with { Options = request.Options with { Hires = hires with { Strength = strength } } };
        return request.Change is { } change ? request with { Change = change with { Strength = strength } } : null;
    }

    // Of the picture that is changed, which a text does not hold.
    static RepeatedField Changed(string label, Func<PictureChange, string, PictureChange?> taken) => new(label, (request, text) =>
        request.Change is { } change && taken(change, text) is { } changed ? request with { Change = changed } : null);

    static RepeatedField Masked(string label, Func<PictureChange, string, PictureChange?> taken) => Changed(label, (change, text) =>
        change.Mask is not null || change.Outpaint is not null ? taken(change, text) : null);

    static RepeatedField Hires(string label, Func<HiresOptions, string, HiresOptions?> taken) => new(label, (request, text) =>
        request.Options.Hires is { } hires && taken(hires, text) is { } changed
            ? request with { Options = request.Options with { Hires = changed } } : null);

    static RepeatedField Switch(string label, string on, Func<GenerateOptions, GenerateOptions> taken) => new(label, (request, text) =>
        text == on ? With(request, taken) : null);

    static RepeatedField Whole(string label, Func<GenerateOptions, int, GenerateOptions> taken) => new(label, (request, text) =>
        PlainValue.ReadWhole(text) is { } value ? request with { Options = taken(request.Options, value) } : null);

    static RepeatedField Number(string label, Func<GenerateOptions, double, GenerateOptions> taken) => new(label, (request, text) =>
        PlainValue.ReadNumber(text) is { } value ? request with { Options = taken(request.Options, value) } : null);

    // A smaller one has no noise of its own.
    static (int Width, int Height)? ResizedSize(string text)
    {
        var size = new InfoText("", "", [new(InfoLabel.SeedResize, text)]).SizeOf(InfoLabel.SeedResize);
        return size is { Width: >= SeedVariation.Factor, Height: >= SeedVariation.Factor } ? size : null;
    }
}
