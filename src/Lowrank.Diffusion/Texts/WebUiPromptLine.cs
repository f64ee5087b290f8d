using System.Globalization;
using System.Text.Json.Nodes;

namespace Lowrank.Diffusion;

/// <summary>A line of AUTOMATIC1111's script "Prompts from file or textbox": a prompt, or options by the names of its requests.</summary>
/// <param name="Values">Values by name: "prompt", "negative_prompt", "steps", ...; null for a sampler that is none.</param>
/// <param name="WhyPlain">Why a line with <c>--</c> in it is a prompt as a whole; null where it is not.</param>
/// <remarks>Source: scripts/prompts_from_file.py at 82a973c.</remarks>
public sealed record WebUiPromptLine(IReadOnlyDictionary<string, JsonNode?> Values, string? WhyPlain)
{
    const string Mark = "--", Model = "sd_model", Prompt = "prompt", Negative = "negative_prompt", Overrides = "override_settings";

    enum Kind
    {
        Text,
        Whole,
        Number,
        Switch,
        Words,
        Sampler,
        Model,
    }

    static readonly Dictionary<string, Kind> options = new()
    {
        [Model] = Kind.Model, ["outpath_samples"] = Kind.Text, ["outpath_grids"] = Kind.Text, ["prompt_for_display"] = Kind.Text,
        [Prompt] = Kind.Words, [Negative] = Kind.Words, ["styles"] = Kind.Text, ["seed"] = Kind.Whole,
        ["subseed_strength"] = Kind.Number, ["subseed"] = Kind.Whole, ["seed_resize_from_h"] = Kind.Whole,
        ["seed_resize_from_w"] = Kind.Whole, ["sampler_index"] = Kind.Whole, ["sampler_name"] = Kind.Sampler,
        ["batch_size"] = Kind.Whole, ["n_iter"] = Kind.Whole, ["steps"] = Kind.Whole, ["cfg_scale"] = Kind.Number,
        ["width"] = Kind.Whole, ["height"] = Kind.Whole, ["restore_faces"] = Kind.Switch, ["tiling"] = Kind.Switch,
        ["do_not_save_samples"] = Kind.Switch, ["do_not_save_grid"] = Kind.Switch,
    };

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without blanks around it.</param>
    /// <param name="modelNamed">A base model's file by what it is called in the line; null for none.</param>
    public static WebUiPromptLine Read(string line, Func<string, string?> modelNamed)
    {
        if (!line.Contains(Mark, StringComparison.Ordinal)) return Plain(line, null);
        var words = ShellWords.Split(line);
        var values = new Dictionary<string, JsonNode?>();
        string? fault = words is null ? "a quote is not closed" : Fault(words, values, modelNamed);
        return fault is null ? new(values, null) : Plain(line, fault);
    }

    /// <summary>A request with this line's values; its prompts stand before or behind the request's own.</summary>
    /// <param name="request">The fields of a request to the web UI, such as "prompt" and "steps".</param>
    /// <param name="behind">Whether prompts of the line stand behind.</param>
    public JsonObject Over(JsonObject request, bool behind = false)
    {
        var made = (JsonObject)request.DeepClone();
        foreach (var (name, value) in Values)
        {
            if (name != Model) made[name] = value?.DeepClone();
            else made[Overrides] = Merged(made[Overrides] as JsonObject, value!.DeepClone());
        }
        foreach (string name in new[] { Prompt, Negative })
        {
            string own = Text(Values.GetValueOrDefault(name)), usual = Text(request[name]);
            bool isBoth = own.Length > 0 && usual.Length > 0;
            if (isBoth) made[name] = behind ? $"{usual} {own}" : $"{own} {usual}";
        }
        return made;
    }

    static WebUiPromptLine Plain(string line, string? why) => new(new Dictionary<string, JsonNode?> { [Prompt] = line }, why);

    static JsonObject Merged(JsonObject? overrides, JsonNode model)
    {
        overrides = overrides is null ? [] : (JsonObject)overrides.DeepClone();
        overrides["sd_model_checkpoint"] = model;
        return overrides;
    }

    static string Text(JsonNode? value) => value?.GetValue<string>() ?? "";

    // Fills the values; null if nothing is wrong with them.
    static string? Fault(IReadOnlyList<string> words, Dictionary<string, JsonNode?> values, Func<string, string?> modelNamed)
    {
        for (int at = 0; at < words.Count;)
        {
            string word = words[at];
            if (!IsOption(word)) return $"\"{word}\" is no option: they begin with {Mark}";
            if (at + 1 == words.Count) return $"{word} has no value";
            string name = word[Mark.Length..];
            if (!options.TryGetValue(name, out var kind)) return $"{word} is no option of a line";
            string value = words[at + 1];
            at += 2;
            while (kind == Kind.Words && at < words.Count && !IsOption(words[at])) value += $" {words[at++]}";
            var read = Value(kind, value, modelNamed);
            if (read is null && kind != Kind.Sampler) return $"{word} is \"{value}\", which is none";
            values[name] = read;
        }
        return null;
    }

    static bool IsOption(string word) => word.StartsWith(Mark, StringComparison.Ordinal);

    static JsonNode? Value(Kind kind, string value, Func<string, string?> modelNamed) => kind switch
    {
        Kind.Whole => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole) ? whole : null,
        Kind.Number => PythonNumbers.Float(value),
        Kind.Switch => value == "true",
        Kind.Sampler => WebUiSamplers.LabelOf(value),
        Kind.Model => modelNamed(value),
        _ => value,
    };
}
