using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>What a picture's text says in place of what a request leaves out.</summary>
/// <remarks>Source: AUTOMATIC1111, the paste fields of modules/ui.py and modules/processing_scripts, at 82a973c.</remarks>
sealed class WebUiPasted
{
    readonly IReadOnlyDictionary<string, object> values;

    public WebUiPasted(WebUiParameters parameters)
    {
        values = parameters.Values;
        Settings = [.. parameters.Overrides.Select(one => (one.Setting.Name, one.Value))];
    }

    /// <summary>Settings that it changes.</summary>
    public IReadOnlyList<(string Setting, object Value)> Settings { get; }

    // The sides of "Seed resize from" change places, as they do there.
    static readonly Dictionary<string, string> labels = new()
    {
        ["prompt"] = "Prompt", ["negative_prompt"] = "Negative prompt", ["styles"] = "Styles array", ["steps"] = "Steps",
        ["cfg_scale"] = "CFG scale", ["width"] = "Size-1", ["height"] = "Size-2", ["batch_size"] = "Batch size", ["seed"] = "Seed",
        ["subseed"] = "Variation seed", ["subseed_strength"] = "Variation seed strength", ["seed_resize_from_h"] = "Seed resize from-1",
        ["seed_resize_from_w"] = "Seed resize from-2", ["denoising_strength"] = "Denoising strength", ["hr_scale"] = "Hires upscale",
        ["hr_upscaler"] = "Hires upscaler", ["hr_second_pass_steps"] = "Hires steps", ["hr_resize_x"] = "Hires resize-1",
        ["hr_resize_y"] = "Hires resize-2", ["hr_checkpoint_name"] = "Hires checkpoint", ["hr_prompt"] = "Hires prompt",
        ["hr_negative_prompt"] = "Hires negative prompt", ["refiner_checkpoint"] = "Refiner",
        ["refiner_switch_at"] = "Refiner switch at", ["mask_blur"] = "Mask blur",
    };

    /// <summary>The value for a field of the request; null where the text says nothing.</summary>
    public object? Value(string field) => field switch
    {
        "sampler_name" => Resolved().Sampler,
        "scheduler" => Resolved().Schedule,
        "enable_hr" => values.ContainsKey("Denoising strength") ? true : null,
        "hr_sampler_name" => Hires().Sampler is var sampler && sampler == "Use same sampler" ? null : sampler,
        "hr_scheduler" => Hires().Schedule is var schedule && schedule == "Use same scheduler" ? null : schedule,
        _ => labels.TryGetValue(field, out var label) ? values.GetValueOrDefault(label) : null,
    };

    /// <summary>The same as a number; null where it is none.</summary>
    public double? Number(string field) => Value(field) switch
    {
        null => null,
        string text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
        var value => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };

    // A text without a sampler gets the first of the list, as there.
    (string Sampler, string Schedule) Resolved() => WebUiSamplers.Resolve(
        values.GetValueOrDefault("Sampler") as string, values.GetValueOrDefault("Schedule type") as string, asShown: true);

    (string Sampler, string Schedule) Hires() => WebUiSamplers.ResolveHires(
        values.Where(pair => pair.Value is string).ToDictionary(pair => pair.Key, pair => (string)pair.Value));
}
