using System.Collections;

namespace Lowrank.Diffusion;

/// <summary>
/// The fields of a picture's text while they are gathered, in whatever order: what nobody knows is left out, numbers are written as Python
/// does, and <see cref="Ordered"/> stands as AUTOMATIC1111 writes it.
/// </summary>
/// <example><code>
/// var fields = new InfoFields { { "Steps", 20L }, { "CFG scale", 6.5 }, { "Tiling", tiled ? true : null } };
/// var text = new InfoText(prompt, negative, fields.Ordered).Format();
/// </code></example>
public sealed class InfoFields : IEnumerable<KeyValuePair<string, string>>
{
    readonly List<KeyValuePair<string, string>> fields = [];

    /// <summary>A field with a text; null leaves it out. A field that is there gets the new value.</summary>
    public void Add(string field, string? value)
    {
        if (value is null) return;
        int at = fields.FindIndex(one => one.Key == field);
        if (at < 0) fields.Add(new(field, value));
        else fields[at] = new(field, value);
    }

    /// <summary>A field with a whole number; null leaves it out.</summary>
    public void Add(string field, long? value) => Add(field, value is { } number ? PlainValue.Text(number) : null);

    /// <summary>A field with a number, which always has a point: 7.0. Null leaves it out.</summary>
    public void Add(string field, double? value) => Add(field, value is { } number ? PythonFloat.Text(number) : null);

    /// <summary>A field with True or False; null leaves it out.</summary>
    public void Add(string field, bool? value) => Add(field, value?.ToString());

    /// <summary>The fields as AUTOMATIC1111 orders them; those that it does not know before the version, as they came.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Ordered => [.. fields.OrderBy(one => Place(one.Key))];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static int Place(string field)
    {
        if (Array.IndexOf(before, field) is >= 0 and var place) return place;
        int behind = Array.IndexOf(after, field);
        return behind < 0 ? before.Length : before.Length + 1 + behind;
    }

    // modules/processing.py, create_infotext, at 82a973c; behind "Tiling" what is added on the way, in the order in which a job comes
    // by: the job's own settings, adapters, prompts, the noise schedule, the sampler, guidance, refiner, decoder.
    static readonly string[] before =
    [
        "Steps", "Sampler", "Schedule type", "CFG scale", "Image CFG scale", "Seed", "Face restoration", "Size", "Model hash", "Model",
        "FP8 weight", "Cache FP16 weight for LoRA", "VAE hash", "VAE", "Variation seed", "Variation seed strength", "Seed resize from",
        "Denoising strength", "Conditional mask weight", "Clip skip", "ENSD", "Token merging ratio", "Token merging ratio hr",
        "Init image hash", "RNG", "Tiling",
        "Script", "X Type", "X Values", "Fixed X Values", "Y Type", "Y Values", "Fixed Y Values", "Z Type", "Z Values", "Fixed Z Values",
        "Mask mode", "Mask blur", "Inpaint area", "Masked area padding", "Masked content", "VAE Encoder", "Noise multiplier",
        "Hires checkpoint", "Hires sampler", "Hires prompt", "Hires negative prompt", "Hires schedule type", "Hires upscale",
        "Hires resize", "Hires steps", "Hires upscaler",
        "Lora hashes",
        "Old prompt editing timelines", "TI hashes", "Emphasis",
        "Downcast alphas_cumprod", "Noise Schedule",
        "Discard penultimate sigma", "Schedule min sigma", "Schedule max sigma", "Schedule rho", "Beta schedule alpha",
        "Beta schedule beta", "Extra noise", "SGM noise multiplier", "Eta", "Eta DDIM", "Sigma churn", "Sigma tmin", "Sigma tmax",
        "Sigma noise",
        "Refiner switch by sampling steps", "Skip Early CFG", "NGMS", "NGMS all steps", "Hires refiner", "Refiner", "Refiner switch at",
        "Pad conds", "Pad conds v0", "VAE Decoder",
    ];

    static readonly string[] after = ["Version", "User"];
}
