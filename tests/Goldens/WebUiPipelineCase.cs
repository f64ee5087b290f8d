using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;
using Lowrank.Workbench;

namespace Goldens;

/// <summary>A job of AUTOMATIC1111's as a request of Lowrank's own for pictures in its way.</summary>
sealed class WebUiPipelineCase(GoldenCase c, WebUiGoldenFiles files)
{
    // What such a request can say of one; the rest is left to WebUiJobsGoldens.
    static readonly HashSet<string> known =
    [
        "prompt", "negative_prompt", "styles", "seed", "subseed", "subseed_strength", "seed_resize_from_w", "seed_resize_from_h",
        "sampler_name", "scheduler", "batch_size", "n_iter", "steps", "cfg_scale", "width", "height", "eta", "s_churn", "s_tmin", "s_tmax",
        "s_noise", "denoising_strength", "enable_hr", "hr_scale", "hr_upscaler", "hr_second_pass_steps", "hr_sampler_name", "hr_prompt",
        "init_images", "resize_mode", "mask", "mask_blur", "inpaint_full_res", "inpaint_full_res_padding", "inpainting_fill",
        "inpainting_mask_invert", "override_settings",
    ];

    static readonly HashSet<string> settings =
    [
        "eta_noise_seed_delta", "randn_source", "emphasis", "pad_cond_uncond", "use_old_scheduling", "CLIP_stop_at_last_layers", "eta_ddim",
        "eta_ancestral", "uni_pc_order",
    ];

    static readonly Dictionary<string, string> upscalers = new()
    {
        ["Latent"] = "bilinear", ["Latent (bicubic)"] = "bicubic", ["Latent (nearest)"] = "nearest", ["Latent (nearest-exact)"] = "nearest-exact",
    };

    readonly JsonElement request = c["request"];

    /// <summary>Whether a request can ask for it.</summary>
    public bool CanBeAsked => request.EnumerateObject().All(one => known.Contains(one.Name)) && Overrides.All(CanBeSet)
        && WebUiSamplers.Resolve(Text("sampler_name"), null) is var found && Text("sampler_name")!.StartsWith(found.Sampler, StringComparison.Ordinal)
        && Number("denoising_strength") != 0 && Whole("resize_mode") is not 3
        && !(request.TryGetProperty("init_images", out var given) && given.GetArrayLength() > 1)
        && Text("hr_upscaler")?.Contains("antialiased", StringComparison.Ordinal) != true;

    bool CanBeSet(JsonProperty setting) =>
        settings.Contains(setting.Name) || setting.Name == "sd_model_checkpoint" && setting.Value.GetString() == "nine";

    /// <summary>The request.</summary>
    /// <param name="output">Folder of the pictures.</param>
    public GeneratingRequest Asked(string output)
    {
        int batch = Whole("batch_size") ?? 1, count = batch * (Whole("n_iter") ?? 1);
        bool isNine = Overrides.Any(setting => setting.Name == "sd_model_checkpoint");
        long[] seeds = [.. Enumerable.Range(0, count).Select(i => request.GetProperty("seed").GetInt64() + i)];
        var asked = new GeneratingRequest(files.FolderOf(isNine ? "nine" : "tiny"), [Text("prompt")!], seeds, output)
        {
            IsBatch = count > 1,
            Options = Options() with { Batch = batch },
            Change = Change(),
            Reading = new() { Tags = true, Comments = true, Lenient = true, Adapters = files.PathOf("adapters"), Words = files.PathOf("embeddings") },
            Precision = "f32",
            Device = "cpu",
        };
        string[] styles = request.TryGetProperty("styles", out var named) ? [.. named.EnumerateArray().Select(name => name.GetString()!)] : [];
        return asked.WithStyles(files.Styles, styles);
    }

    GenerateOptions Options() => new()
    {
        Compat = Compat.WebUi,
        NegativePrompt = Text("negative_prompt"),
        Steps = Whole("steps")!.Value,
        Width = Whole("width"),
        Height = Whole("height"),
        GuidanceScale = Number("cfg_scale")!.Value,
        Sampler = Text("sampler_name"),
        Schedule = Text("scheduler") is { } schedule && schedule != WebUiSamplers.Automatic ? schedule : null,
        ClipSkip = (int)(Setting("CLIP_stop_at_last_layers")?.GetInt32() ?? 1),
        NoiseSource = Setting("randn_source")?.GetString() == "NV" ? NoiseSources.Nv : NoiseSources.Cpu,
        Syntax = new WebUiSyntax(Setting("use_old_scheduling")?.GetBoolean() ?? false),
        Encoding = new WebUiEncoding(
            WebUiEncoding.EmphasisNamed(Setting("emphasis")?.GetString() ?? "Original")!.Value,
            PadsConditions: Setting("pad_cond_uncond")?.GetBoolean() ?? false),
        Variation = new()
        {
            Seeds = [request.GetProperty("subseed").GetInt64()],
            Strength = Number("subseed_strength") ?? 0,
            ResizeFrom = Whole("seed_resize_from_w") is { } width ? (width, Whole("seed_resize_from_h")!.Value) : null,
            SeedDelta = Setting("eta_noise_seed_delta")?.GetInt64() ?? 0,
        },
        SamplerOptions = new()
        {
            Eta = Number("eta") ?? Setting("eta_ddim")?.GetDouble() ?? Setting("eta_ancestral")?.GetDouble(),
            NoiseScale = Number("s_noise") ?? 1,
            Churn = new(Number("s_churn") ?? 0, Number("s_tmin") ?? 0, Number("s_tmax") ?? double.PositiveInfinity),
            Order = Setting("uni_pc_order")?.GetInt32(),
        },
        Hires = request.TryGetProperty("enable_hr", out _) ? Hires() : null,
    };

    HiresOptions Hires() => new(Number("hr_scale")!.Value, Number("denoising_strength")!.Value)
    {
        Upscaler = upscalers.GetValueOrDefault(Text("hr_upscaler")!) ?? Text("hr_upscaler")!,
        Steps = Whole("hr_second_pass_steps"),
        Sampler = Text("hr_sampler_name"),
        Prompt = Text("hr_prompt"),
    };

    PictureChange? Change()
    {
        if (!request.TryGetProperty("init_images", out var given)) return null;
        var change = new PictureChange(files.PathOf("pictures", given[0].GetString()!), Number("denoising_strength")!.Value)
        {
            Fit = (PictureFit)(Whole("resize_mode") ?? 0),
        };
        if (Text("mask") is not { } mask) return change;
        return change with
        {
            Mask = files.PathOf("pictures", mask),
            MaskBlur = Whole("mask_blur") ?? 4,
            Inverts = Whole("inpainting_mask_invert") == 1,
            OnlyMasked = request.GetProperty("inpaint_full_res").GetBoolean(),
            Padding = Whole("inpaint_full_res_padding") ?? 0,
            Content = (MaskedContent)(Whole("inpainting_fill") ?? 0),
        };
    }

    IEnumerable<JsonProperty> Overrides => request.TryGetProperty("override_settings", out var given) ? [.. given.EnumerateObject()] : [];

    JsonElement? Setting(string name)
    {
        foreach (var setting in Overrides) if (setting.Name == name) return setting.Value;
        return null;
    }

    string? Text(string field) => request.TryGetProperty(field, out var value) ? value.GetString() : null;

    double? Number(string field) => request.TryGetProperty(field, out var value) ? value.GetDouble() : null;

    int? Whole(string field) => request.TryGetProperty(field, out var value) ? value.GetInt32() : null;
}
