using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>
/// What AUTOMATIC1111 takes from a picture's text when it is pasted there: prompts without the words of styles, sizes taken apart, what is
/// missing as its defaults, and what older versions did otherwise switched on.
/// </summary>
/// <remarks>Source: modules/infotext_utils.py, parse_generation_parameters, and modules/infotext_versions.py at 82a973c.</remarks>
public sealed partial class WebUiParameters
{
    readonly Dictionary<string, object> values;

    WebUiParameters(Dictionary<string, object> values) => this.values = values;

    /// <summary>By label: texts as they stand, or a long, a bool, or a list of names ("Styles array").</summary>
    public IReadOnlyDictionary<string, object> Values => values;

    /// <summary>Settings that these values change.</summary>
    /// <exception cref="LowrankException">A value is not of its setting's kind.</exception>
    public IReadOnlyList<(WebUiSetting Setting, object Value)> Overrides => WebUiSettings.Changed(values);

    /// <summary>Reads a picture's text.</summary>
    /// <param name="info">The text.</param>
    /// <param name="styles">Styles whose words are taken out of the prompts.</param>
    /// <exception cref="LowrankException">A size is too large to be one, or a weight in a prompt is no number.</exception>
    public static WebUiParameters Of(InfoText info, StyleSheet? styles = null)
    {
        var values = new Dictionary<string, object>();
        foreach (var (field, value) in info.Fields)
        {
            if (value.Length == 0) continue;
            var size = WidthAndHeight().Match(value);
            if (!size.Success) values[field] = value;
            else (values[$"{field}-1"], values[$"{field}-2"]) = (size.Groups[1].Value, size.Groups[2].Value);
        }
        info = info with { Prompt = Stripped(info.Prompt), NegativePrompt = Stripped(info.NegativePrompt) };
        var version = WebUiVersion.Read(values.GetValueOrDefault("Version") as string);
        var (prompt, negative) = TakeStyles(info, styles ?? StyleSheet.Empty, values, version);
        (values["Prompt"], values["Negative prompt"]) = (prompt, negative);
        if (values.TryGetValue("Hypernet", out var network))
            values["Prompt"] = $"{prompt}<hypernet:{network}:{values.GetValueOrDefault("Hypernet strength", "1.0")}>";
        foreach (var (label, missing) in defaults) values.TryAdd(label, missing);
        TakeFirstPass(values);
        if (!values["FP8 weight"].Equals("Disable")) values.TryAdd("Cache FP16 weight for LoRA", false);
        if (HasWeights(prompt) || HasWeights(negative)) values.TryAdd("Emphasis", "Original");
        if (version is not null) SwitchOn(values, version);
        return new(values);
    }

    /// <summary>
    /// The same with adapters in the prompt: those of the AddNet extension as tags, and names of tags, by the hashes that the text gives,
    /// as they are here.
    /// </summary>
    /// <param name="nameOfHash">What an adapter with that short hash is called here; null where there is none.</param>
    /// <remarks>Source: extensions-builtin/Lora/networks.py and scripts/lora_script.py at 82a973c.</remarks>
    public WebUiParameters WithAdapters(Func<string, string?> nameOfHash)
    {
        string added = string.Concat(values.Keys.Where(key => key.StartsWith(AddedModel, StringComparison.Ordinal)).Select(AddedTag));
        string prompt = (string)values["Prompt"] + (added.Length > 0 ? $"\n{added}" : "");
        var hashes = AdapterHashes.Read(values.GetValueOrDefault(AdapterHashes.Field) as string ?? "");
        prompt = Tag().Replace(prompt, tag =>
            hashes.TryGetValue(tag.Groups[1].Value, out var hash) && nameOfHash(hash) is { } name ? $"<lora:{name}:" : tag.Value);
        return new(new Dictionary<string, object>(values) { ["Prompt"] = prompt });
    }

    // Each line without the blanks around it, and without the mark of negative prompts, which may stand twice.
    static string Stripped(string prompt)
    {
        var lines = prompt.Split('\n').Select(line => line.Trim()).Select(line =>
            line.StartsWith(InfoText.NegativeMark, StringComparison.Ordinal) ? line[InfoText.NegativeMark.Length..].Trim() : line);
        return string.Join('\n', lines.SkipWhile(line => line.Length == 0));
    }

    static bool HasWeights(string prompt) =>
        WebUiWeights.Read(prompt).Any(words => words.Weight != 1 && words.Text != WebUiWeights.Break.Text);

    static (string Prompt, string Negative) TakeStyles(
        InfoText info, StyleSheet styles, Dictionary<string, object> values, WebUiVersion? version)
    {
        const string hires = "Hires prompt", hiresNegative = "Hires negative prompt", sinceStyles = "1.8.0-139";
        var (found, prompt, negative) = styles.Extract(info.Prompt, info.NegativePrompt);
        bool hasHires = values.ContainsKey(hires) || values.ContainsKey(hiresNegative);
        if (hasHires && version?.IsAfter(sinceStyles) != false)
        {
            string own = values.GetValueOrDefault(hires, info.Prompt).ToString()!;
            string ownNegative = values.GetValueOrDefault(hiresNegative, info.NegativePrompt).ToString()!;
            var (alsoFound, rest, negativeRest) = styles.Extract(own, ownNegative);
            if (!found.SequenceEqual(alsoFound)) return (info.Prompt, info.NegativePrompt);
            values[hires] = rest == prompt ? "" : rest;
            values[hiresNegative] = negativeRest == negative ? "" : negativeRest;
        }
        if (found.Count > 0) values["Styles array"] = found;
        return (prompt, negative);
    }

    // Before hires had fields of its own, the size was the second pass's.
    static void TakeFirstPass(Dictionary<string, object> values)
    {
        if (Side(values, "First pass size-1") is not { } width || Side(values, "First pass size-2") is not { } height) return;
        const long usual = 512;
        long fullWidth = Side(values, "Size-1") ?? usual, fullHeight = Side(values, "Size-2") ?? usual;
        if (width == 0 || height == 0) (width, height) = OldFirstPass(fullWidth, fullHeight);
        (values["Size-1"], values["Size-2"]) = (width, height);
        (values["Hires resize-1"], values["Hires resize-2"]) = (fullWidth, fullHeight);
    }

    // modules/processing.py, old_hires_fix_first_pass_dimensions: about 512x512 pixels, sides in multiples of 64.
    static (long Width, long Height) OldFirstPass(long width, long height)
    {
        double scale = Math.Sqrt(512 * 512 / (double)(width * height));
        return ((long)Math.Ceiling(scale * width / 64) * 64, (long)Math.Ceiling(scale * height / 64) * 64);
    }

    static long? Side(Dictionary<string, object> values, string label)
    {
        if (values.GetValueOrDefault(label) is not string text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long side) && side < int.MaxValue
            ? side
            : throw new LowrankException($"{label[..^2]} is {text} pixels long, which no picture is. Is the picture's text damaged?");
    }

    static void SwitchOn(Dictionary<string, object> values, WebUiVersion version)
    {
        bool isBeforeEditing = version.IsBefore("1.6.0");
        if (isBeforeEditing && ((string)values["Prompt"]).Contains('[', StringComparison.Ordinal))
            values["Old prompt editing timelines"] = true;
        bool isOfTimesteps = values.GetValueOrDefault("Sampler") is "DDIM" or "PLMS";
        if (isBeforeEditing && isOfTimesteps) values["Pad conds v0"] = true;
        if (version.IsBefore("1.7.0-225")) values["Downcast alphas_cumprod"] = true;
        if (version.IsBefore("1.8.0") && values.ContainsKey("Refiner")) values["Refiner switch by sampling steps"] = true;
    }

    string AddedTag(string key)
    {
        string number = key[AddedModel.Length..];
        if (values.GetValueOrDefault($"AddNet Module {number}") is not "LoRA") return "";
        string name = NameBeforeHash().Match((string)values[key]) is { Success: true } named ? named.Groups[1].Value : (string)values[key];
        return $"<lora:{name}:{values.GetValueOrDefault($"AddNet Weight A {number}", "1.0")}>";
    }

    const string AddedModel = "AddNet Model ";

    static readonly (string Label, object Value)[] defaults =
    [
        ("Clip skip", "1"), ("Hires resize-1", 0L), ("Hires resize-2", 0L), ("Hires sampler", "Use same sampler"),
        ("Hires schedule type", "Use same scheduler"), ("Hires checkpoint", "Use same checkpoint"), ("Hires prompt", ""),
        ("Hires negative prompt", ""), ("Mask mode", "Inpaint masked"), ("Masked content", "original"), ("Inpaint area", "Whole picture"),
        ("Masked area padding", 32L), ("RNG", "GPU"), ("Schedule type", "Automatic"), ("Schedule max sigma", 0L),
        ("Schedule min sigma", 0L), ("Schedule rho", 0L), ("VAE Encoder", "Full"), ("VAE Decoder", "Full"), ("FP8 weight", "Disable"),
        ("Refiner switch by sampling steps", false),
    ];

    [GeneratedRegex(@"^(\d+)x(\d+)$")]
    private static partial Regex WidthAndHeight();

    [GeneratedRegex("<lora:([^:]+):")]
    private static partial Regex Tag();

    [GeneratedRegex(@"^(.*)\s*\([0-9a-fA-F]+\)")]
    private static partial Regex NameBeforeHash();
}
