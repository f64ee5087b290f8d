using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>A prompt with options behind it, as kohya's files of prompts have them: <c>a fox --n blurry --w 512 --s 20</c>.</summary>
/// <param name="Prompt">What is to be drawn.</param>
/// <remarks>
/// Source: kohya-ss/sd-scripts library/train_util.py, line_to_prompt_dict, and gen_img.py at 48d368f. There an option that is not
/// understood is dropped; here it is told.
/// </remarks>
public sealed partial record KohyaPromptLine(string Prompt)
{
    /// <summary>--n: what pictures should not show.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>--w: pixels across.</summary>
    public int? Width { get; init; }

    /// <summary>--h: pixels down.</summary>
    public int? Height { get; init; }

    /// <summary>--d: seeds, with commas between.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>--s: sampling steps, 1 to 1000.</summary>
    public int? Steps { get; init; }

    /// <summary>--l: guidance scale.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>--t: how far a picture that is begun with is changed, 0 to 1.</summary>
    public double? Strength { get; init; }

    /// <summary>--ss: a sampler by its name.</summary>
    public string? Sampler { get; init; }

    /// <summary>--am: strengths of the adapters in their order, the last for those behind it.</summary>
    public IReadOnlyList<double> AdapterStrengths { get; init; } = [];

    /// <summary>--f: the picture's file.</summary>
    public string? FileName { get; init; }

    /// <summary>What of the line is not used, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    // What kohya's tools have beside these, and why it is not done here.
    static readonly Dictionary<string, string> elsewhere = new()
    {
        ["g"] = "guidance of distilled models", ["cn"] = "a picture for ControlNet", ["ctr"] = "of Lumina", ["rcfg"] = "of Lumina",
        ["fs"] = "of flow models", ["nl"] = "a scale of its own for negative prompts", ["c"] = "a prompt for CLIP guidance",
        ["ow"] = "XL's sizes", ["oh"] = "XL's sizes", ["nw"] = "XL's sizes", ["nh"] = "XL's sizes", ["ct"] = "XL's sizes",
        ["cl"] = "XL's sizes",
    };

    static readonly string[] names = ["n", "w", "h", "d", "s", "l", "t", "ss", "am", "f"];

    /// <summary>Reads a line; what stands behind <c> --</c> is an option.</summary>
    public static KohyaPromptLine Read(string line)
    {
        string[] parts = line.Trim().Split(" --");
        var read = new KohyaPromptLine(parts[0].Trim());
        var faults = new List<string>();
        foreach (string part in parts.Skip(1))
        {
            var option = Option().Match(part);
            string name = option.Groups[1].Value.ToLowerInvariant();
            if (option.Success && read.With(name, option.Groups[2].Value) is { } with) read = with;
            else faults.Add(Fault(part.Trim(), name));
        }
        return read with { Faults = faults };
    }

    // Null for an option that is unknown, or a value that is none.
    KohyaPromptLine? With(string name, string value) => name switch
    {
        "n" => this with { NegativePrompt = value },
        "w" => Whole(value) is { } width ? this with { Width = width } : null,
        "h" => Whole(value) is { } height ? this with { Height = height } : null,
        "d" => Several(value, Seed) is { } seeds ? this with { Seeds = seeds } : null,
        "s" => Whole(value) is >= 1 and <= 1000 and var steps ? this with { Steps = steps } : null,
        "l" => Number(value) is { } scale ? this with { GuidanceScale = scale } : null,
        "t" => Number(value) is >= 0 and <= 1 and var strength ? this with { Strength = strength } : null,
        "ss" => this with { Sampler = value },
        "am" => Several(value, Number) is { } strengths ? this with { AdapterStrengths = strengths } : null,
        "f" => this with { FileName = value },
        _ => null,
    };

    static string Fault(string part, string name)
    {
        if (elsewhere.GetValueOrDefault(name) is { } why) return $"--{part} is not used: it is {why}";
        return names.Contains(name)
            ? $"--{part} is not used: {part[name.Length..].Trim()} is no value of --{name}"
            : $"--{part} is not used: a line's options are {string.Join(", ", names.Select(one => $"--{one}"))}";
    }

    static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    static long? Seed(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seed) ? seed : null;

    static double? Number(string text) => PythonNumbers.Float(text) is { } value && double.IsFinite(value) ? value : null;

    static List<T>? Several<T>(string text, Func<string, T?> read)
        where T : struct
    {
        var values = text.Split(',').Select(one => read(one.Trim())).ToList();
        return values.TrueForAll(value => value is not null) ? values.ConvertAll(value => value!.Value) : null;
    }

    [GeneratedRegex(@"^(\w+) +(.*?)\s*$", RegexOptions.Singleline)]
    private static partial Regex Option();
}
