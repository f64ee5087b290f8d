using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Cli;

/// <summary>An adapter to be merged, as typed: <c>FILE[:STRENGTH][:te=S][:lbw=1,0,...]</c>, after the prompts of AUTOMATIC1111.</summary>
static class MergeArgument
{
    const string Form = "Write FILE[:STRENGTH][:unet=S][:te=S][:lbw=1,0.5,...], as in my-style.safetensors:0.8:te=0.";

    static readonly Dictionary<string, string[]> components = new()
    {
        ["unet"] = ["unet"], ["te"] = ["text_encoder", "text_encoder_2"], ["te1"] = ["text_encoder"], ["te2"] = ["text_encoder_2"],
    };

    /// <summary>Takes a text apart.</summary>
    /// <returns>null and a message if a piece is not understood.</returns>
    public static (MergeChoice? Choice, string? Fault) Parse(string text)
    {
        var strengths = new Dictionary<string, double>();
        double[]? blocks = null;
        string rest = text;
        while (TryTakeSetting(ref rest, out string? name, out string? value))
            if (name == "lbw" ? blocks is not null : strengths.ContainsKey(name))
                return (null, $"In {text}, {name}= is given twice. {Form}");
            else if (name == "lbw")
            {
                blocks = Numbers(value);
                if (blocks is null) return (null, $"In {text}, '{value}' is no list of numbers. {Form}");
            }
            else if (components.ContainsKey(name) && AdapterArgument.Number(value) is { } strength) strengths[name] = strength;
            else return (null, $"In {text}, '{name}={value}' is not understood. {Form}");
        if (strengths.ContainsKey("te") && strengths.ContainsKey("te1") && strengths.ContainsKey("te2"))
            return (null, $"In {text}, te= has no effect beside te1= and te2=. {Form}");

        var parts = new Dictionary<string, double>();
        foreach (var (name, reached) in components)   // te1 and te2 after te, wherever they stand
            if (strengths.TryGetValue(name, out double strength))
                foreach (string component in reached) parts[component] = strength;
        var (file, fault) = AdapterArgument.Parse(rest);
        return file is null ? (null, fault) : (new(file.Path, file.Strength) { Components = parts, Blocks = blocks }, null);
    }

    // Takes ":name=value" from the end of a text, if that is how it ends.
    static bool TryTakeSetting(ref string text, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out string? value)
    {
        (name, value) = (null, null);
        int colon = text.LastIndexOf(':');
        if (colon <= 0) return false;
        string piece = text[(colon + 1)..];
        int equals = piece.IndexOf('=');
        if (equals <= 0 || piece.Contains(Path.DirectorySeparatorChar)) return false;
        (name, value, text) = (piece[..equals], piece[(equals + 1)..], text[..colon]);
        return true;
    }

    static double[]? Numbers(string text)
    {
        var numbers = text.Split(',').Select(AdapterArgument.Number).ToList();
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }
}
