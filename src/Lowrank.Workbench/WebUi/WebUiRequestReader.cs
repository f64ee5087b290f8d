using System.Collections.Frozen;
using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>Reads the bodies of AUTOMATIC1111's <c>/sdapi/v1/txt2img</c> and <c>/sdapi/v1/img2img</c> (1.10.1).</summary>
/// <remarks>
/// A body's <c>infotext</c> fills what the body leaves out, settings included (modules/api/api.py, apply_infotext, at 82a973c).
/// </remarks>
public sealed class WebUiRequestReader
{
    readonly JsonElement body;
    readonly bool changesPictures;
    readonly WebUiPasted? pasted;
    readonly Func<string, AlphaPicture> picture;

    WebUiRequestReader(JsonElement body, bool changesPictures, StyleSheet styles, Func<string, AlphaPicture> picture)
    {
        (this.body, this.changesPictures, this.picture) = (body, changesPictures, picture);
        if (body.ValueKind != JsonValueKind.Object) throw Misread("The body", body, "object of a request's fields");
        if (Text("infotext") is { Length: > 0 } info) pasted = new(WebUiParameters.Of(InfoText.Parse(info), styles));
    }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="changesPictures">Whether it is img2img's.</param>
    /// <param name="styles">Styles, whose words are taken out of an infotext's prompts.</param>
    /// <param name="picture">A picture of what a body gives: base64, or whatever a caller puts there.</param>
    /// <exception cref="LowrankException">A value is of another kind, a setting is not known, or a picture is missing.</exception>
    public static WebUiRequest Read(JsonElement body, bool changesPictures, StyleSheet styles, Func<string, AlphaPicture> picture) =>
        new WebUiRequestReader(body, changesPictures, styles, picture).Request();

    static readonly FrozenSet<string> known = FrozenSet.ToFrozenSet(
    [
        "prompt", "negative_prompt", "styles", "seed", "subseed", "subseed_strength", "seed_resize_from_w", "seed_resize_from_h",
        "sampler_name", "sampler_index", "scheduler", "batch_size", "n_iter", "steps", "cfg_scale", "width", "height", "tiling", "eta",
        "s_min_uncond", "s_churn", "s_tmin", "s_tmax", "s_noise", "denoising_strength", "refiner_checkpoint", "refiner_switch_at",
        "override_settings", "override_settings_restore_afterwards", "infotext", "send_images", "enable_hr", "hr_scale", "hr_upscaler",
        "hr_second_pass_steps", "hr_resize_x", "hr_resize_y", "hr_checkpoint_name", "hr_sampler_name", "hr_scheduler", "hr_prompt",
        "hr_negative_prompt", "init_images", "resize_mode", "mask", "mask_blur", "mask_blur_x", "mask_blur_y", "mask_round",
        "inpainting_fill", "inpaint_full_res", "inpaint_full_res_padding", "inpainting_mask_invert", "initial_noise_multiplier",
        "include_init_images", "force_task_id", "script_name",
    ]);

    // A job that is drawn without its script would be another.
    WebUiRequest Request() => Text("script_name") is { Length: > 0 } script
        ? throw new LowrankException($"The body names the script \"{script}\", which is not read with it: WebUiBodyJob runs scripts.")
        : Requested();

    WebUiRequest Requested() => new()
    {
        Prompt = Text("prompt", ""),
        NegativePrompt = Text("negative_prompt", ""),
        Styles = Texts("styles") ?? pasted?.Value("styles") as IReadOnlyList<string> ?? [],
        Seed = Whole("seed", -1),
        Subseed = Whole("subseed", -1),
        SubseedStrength = Number("subseed_strength", 0),
        SeedResizeFrom = (Size("seed_resize_from_w", -1), Size("seed_resize_from_h", -1)),
        Sampler = Text("sampler_name") ?? Text("sampler_index") ?? "Euler",
        Scheduler = Text("scheduler"),
        BatchSize = Size("batch_size", 1),
        BatchCount = Size("n_iter", 1),
        Steps = Size("steps", 50),
        CfgScale = Number("cfg_scale", 7),
        Width = Size("width", 512),
        Height = Size("height", 512),
        Tiling = Flag("tiling"),
        Eta = Number("eta"),
        MinSigma = Number("s_min_uncond"),
        Churn = (Number("s_churn"), Number("s_tmin"), Number("s_tmax"), Number("s_noise")),
        Strength = Number("denoising_strength", 0.75),
        Refiner = Text("refiner_checkpoint"),
        RefinerSwitchAt = Number("refiner_switch_at"),
        Hires = !changesPictures && Flag("enable_hr") == true ? Hires() : null,
        Pictures = changesPictures ? Pictures() : null,
        Options = Options(),
        Notes = [.. NotUsed()],
    };

    WebUiHires Hires() => new()
    {
        Scale = Number("hr_scale") ?? 2,
        Resize = (Size("hr_resize_x", 0), Size("hr_resize_y", 0)),
        Upscaler = Text("hr_upscaler"),
        Steps = Size("hr_second_pass_steps", 0),
        Checkpoint = Text("hr_checkpoint_name"),
        Sampler = Text("hr_sampler_name"),
        Scheduler = Text("hr_scheduler"),
        Prompt = Text("hr_prompt") ?? "",
        NegativePrompt = Text("hr_negative_prompt") ?? "",
    };

    ChangedPictures Pictures()
    {
        if (Texts("init_images") is not { Count: > 0 } given)
            throw new LowrankException("The request gives no init_images; image-to-image wants one at least.");
        int? both = Whole("mask_blur") is { } blur ? WebUiRanges.Checked("mask_blur", blur) : null;   // the later of the two ways to say it
        return new()
        {
            Pictures = [.. given.Select(picture)],
            ResizeMode = Size("resize_mode", 0),
            Mask = Text("mask") is { } mask ? picture(mask) : null,
            MaskBlur = (both ?? Size("mask_blur_x", 4), both ?? Size("mask_blur_y", 4)),
            MaskRound = Flag("mask_round") ?? true,
            Fill = (MaskedContent)Size("inpainting_fill", 0),
            OnlyMasked = Flag("inpaint_full_res") ?? true,
            Padding = Size("inpaint_full_res_padding", 0),
            Inverts = Whole("inpainting_mask_invert") is { } inverts && inverts != 0,
            NoiseMultiplier = Number("initial_noise_multiplier"),
        };
    }

    WebUiOptions Options()
    {
        var options = WebUiOptions.Default;
        bool isGiven = Given("override_settings", out var settings);
        if (isGiven && settings.ValueKind != JsonValueKind.Object)
            throw Misread("override_settings", settings, "object of settings and their values");
        var given = isGiven ? settings.EnumerateObject().ToList() : [];
        foreach (var setting in given) options = options.With(setting.Name, Plain(setting.Value, setting.Name));
        foreach (var (setting, value) in pasted?.Settings ?? [])
            if (!given.Exists(one => one.Name == setting)) options = options.With(setting, value);
        return options;
    }

    IEnumerable<string> NotUsed()
    {
        foreach (var field in body.EnumerateObject())
        {
            bool isEmpty = field.Value.ValueKind is JsonValueKind.Null or JsonValueKind.False
                || field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() == 0
                || field.Value.ValueKind == JsonValueKind.Object && !field.Value.EnumerateObject().Any();
            if (!known.Contains(field.Name) && !isEmpty) yield return $"{field.Name} of the request is not used: it is not known here";
        }
    }

    bool Given(string name, out JsonElement value) =>
        body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    string? Text(string name)
    {
        if (!Given(name, out var value)) return name == "infotext" ? null : pasted?.Value(name)?.ToString();
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Misread(name, value, "text");
    }

    IReadOnlyList<string>? Texts(string name)
    {
        if (!Given(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Misread(name, value, "list of texts");
        return [.. value.EnumerateArray().Select((one, place) =>
            one.ValueKind == JsonValueKind.String ? one.GetString()! : throw Misread($"{name}[{place}]", one, "text"))];
    }

    double? Number(string name)
    {
        if (!Given(name, out var value)) return pasted?.Number(name);
        bool isNumber = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number);
        return isNumber ? value.GetDouble() : throw Misread(name, value, "number");
    }

    long? Whole(string name)
    {
        if (!Given(name, out var value)) return (long?)pasted?.Number(name);
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean() ? 1 : 0;
        bool isWhole = value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _);
        return isWhole ? value.GetInt64() : throw Misread(name, value, "whole number");
    }

    bool? Flag(string name)
    {
        if (!Given(name, out var value)) return pasted?.Value(name) as bool?;
        if (value.ValueKind == JsonValueKind.Number) return value.GetDouble() != 0;
        bool isFlag = value.ValueKind is JsonValueKind.True or JsonValueKind.False;
        return isFlag ? value.GetBoolean() : throw Misread(name, value, "true or false");
    }

    string Text(string name, string usual) => Text(name) ?? usual;

    double Number(string name, double usual) => Number(name) ?? usual;

    long Whole(string name, long usual) => Whole(name) ?? usual;

    int Size(string name, int usual) => WebUiRanges.Checked(name, Whole(name, usual));

    static object Plain(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw Misread(name, value, "text, number, true or false"),
    };

    static LowrankException Misread(string name, JsonElement value, string kind) =>
        new(PlainValue.Misread(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), kind));
}
