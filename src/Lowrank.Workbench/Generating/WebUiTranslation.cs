namespace Lowrank.Workbench;

/// <summary>A request for pictures as AUTOMATIC1111's interface is asked for them.</summary>
static class WebUiTranslation
{
    /// <summary>What all pictures have in common; prompts and seeds are the batch's.</summary>
    /// <param name="request">The request; <see cref="WebUiRefusals"/> found nothing in it.</param>
    /// <param name="size">Pixels that are drawn.</param>
    /// <param name="pictures">The pictures that are changed; null for none.</param>
    public static WebUiRequest Of(GeneratingRequest request, (int Width, int Height) size, ChangedPictures? pictures)
    {
        var options = request.Options;
        var hires = options.Hires;
        return new()
        {
            SubseedStrength = options.Variation.Strength,
            SeedResizeFrom = options.Variation.ResizeFrom ?? (-1, -1),
            Sampler = options.Sampler is { } name ? SamplerOf(name)!.Label : null,
            Scheduler = ScheduleNamed(options) is { } schedule ? ScheduleOf(schedule)!.Label : null,
            Steps = options.Steps,
            CfgScale = options.GuidanceScale,
            Width = size.Width,
            Height = size.Height,
            Eta = options.SamplerOptions.Eta,
            Strength = request.Change?.Strength ?? hires?.Strength ?? 1,
            Hires = hires is null ? null : Of(hires),
            Refiner = options.Refiner is null ? null : RequestFiles.Refiner,
            RefinerSwitchAt = options.Refiner?.SwitchAt,
            Pictures = pictures,
            Options = Settings(request),
            Beyond = new()
            {
                FreeU = options.FreeU,
                PerturbedScale = options.PerturbedScale,
                GuidanceRescale = options.GuidanceRescale,
                TellsPlace = true,
                Fields = [.. Fields(request)],
            },
        };
    }

    /// <summary>Its sampler of a name or label; null where it has none.</summary>
    public static WebUiSampler? SamplerOf(string name) => SamplerLabel.SamplerOf(name).WebUi;

    /// <summary>The schedule that a request names, by itself or in the sampler's name; null where it names none.</summary>
    public static string? ScheduleNamed(GenerateOptions options) =>
        options.Schedule ?? (options.Sampler is { } name ? SamplerLabel.Read(name).Schedule : null);

    /// <summary>Its schedule of a name or label; null where it has none.</summary>
    public static WebUiSchedule? ScheduleOf(string name)
    {
        string own = Schedules.Named(name).Name;
        return WebUiSchedules.All.FirstOrDefault(one => one.Schedule == own);
    }

    static WebUiHires Of(HiresOptions hires) => new()
    {
        Scale = hires.Scale,
        Upscaler = hires.EnlargesLatents ? WebUiEnlarging.LabelOf(hires.Upscaler) : Upscalers.Named(hires.Upscaler).Name,
        Steps = hires.Steps ?? 0,
        Sampler = hires.Sampler is { } name ? SamplerOf(name)!.Label : null,
        Scheduler = hires.Schedule is { } schedule ? ScheduleOf(schedule)!.Label : null,
    };

    static WebUiOptions Settings(GeneratingRequest request)
    {
        var options = request.Options;
        var (sampler, churn) = (options.SamplerOptions, options.SamplerOptions.Churn);
        var encoding = (WebUiEncoding)options.Encoding;
        var settings = WebUiOptions.Default
            .With("randn_source", options.NoiseSource.Label)
            .With("CLIP_stop_at_last_layers", (long)options.ClipSkip)
            .With("eta_noise_seed_delta", options.Variation.SeedDelta)
            .With("emphasis", encoding.EmphasisLabel)
            .With("comma_padding_backtrack", (long)encoding.Backtrack)
            .With("pad_cond_uncond", encoding.PadsRequest)
            .With("use_downcasted_alpha_bar", options.DowncastsAlphas)
            .With("sd_noise_schedule", options.ZeroTerminalSnr ? NoiseSchedule.ZeroTerminalLabel : "Default")
            .With("use_old_scheduling", ((WebUiSyntax)options.Syntax).HasOldScheduling)
            .With("s_churn", churn.Amount)
            .With("s_tmin", churn.From)
            .With("s_tmax", double.IsFinite(churn.To) ? churn.To : 0.0)   // which is no end there
            .With("s_noise", sampler.NoiseScale)
            .With("uni_pc_lower_order_final", sampler.UniPc.LowerOrderLast);
        if (sampler.Order is { } order) settings = settings.With("uni_pc_order", (long)order);
        if (sampler.UniPc.Variant is { } variant) settings = settings.With("uni_pc_variant", WebUiPass.VariantNames[variant]);
        return request.Vae is { } vae ? settings.With("sd_vae", VaeFile.NameOf(vae)) : settings;
    }

    // What AUTOMATIC1111's own texts leave out, and pictures need to be made again.
    static IEnumerable<KeyValuePair<string, string>> Fields(GeneratingRequest request)
    {
        var options = request.Options;
        var encoding = options.Encoding.InfoFields.Where(field => field.Key == WebUiEncoding.BacktrackField);
        var order = SamplerOptionNames.Written(options.SamplerOptions with { Eta = null, NoiseScale = 1, Churn = new() });
        // Precision where it is asked for: what a machine takes by itself, it takes again.
        var computing = RequestFields.Of(request, PrecisionNames.Named(request.Precision)).Where(field =>
            field.Key == RequestFields.Prediction || field.Key == RequestFields.Precision && request.Precision != "auto");
        return [.. options.InfoFields, .. encoding, .. order, .. computing, .. options.GuidanceFields, .. request.Change?.Fields() ?? []];
    }
}
