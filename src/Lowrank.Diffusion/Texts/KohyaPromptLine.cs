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

    /// <summary>Where the line stands, which errors tell: "prompts.txt, line 3"; null where it stands in no file.</summary>
    public string? Place { get; init; }

    /// <summary>Whether options stand behind the prompt.</summary>
    public bool HasOptions { get; init; }

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

    // Each with the line that a value makes of one; null for a value that is none.
    static readonly Dictionary<string, Func<KohyaPromptLine, string, KohyaPromptLine?>> options = new()
    {
        ["n"] = (line, text) => line with { NegativePrompt = text },
        ["w"] = (line, text) => Whole(text) is { } width ? line with { Width = width } : null,
        ["h"] = (line, text) => Whole(text) is { } height ? line with { Height = height } : null,
        ["d"] = (line, text) => Several(text, Seed) is { } seeds ? line with { Seeds = seeds } : null,
        ["s"] = (line, text) => Whole(text) is >= 1 and <= 1000 and var steps ? line with { Steps = steps } : null,
        ["l"] = (line, text) => Number(text) is { } scale ? line with { GuidanceScale = scale } : null,
        ["t"] = (line, text) => Number(text) is >= 0 and <= 1 and var strength ? line with { Strength = strength } : null,
        ["ss"] = (line, text) => line with { Sampler = text },
        ["am"] = (line, text) => Several(text, Number) is { } strengths ? line with { AdapterStrengths = strengths } : null,
        ["f"] = (line, text) => line with { FileName = text },
    };

    /// <summary>Reads a line; what stands behind <c> --</c> is an option.</summary>
    public static KohyaPromptLine Read(string line)
    {
        string[] parts = line.Trim().Split(" --");
        var read = new KohyaPromptLine(parts[0].Trim());
        var faults = new List<string>();
        var taken = new HashSet<string>();
        foreach (string part in parts.Skip(1))
        {
            var option = Option().Match(part);
            string name = option.Groups[1].Value.ToLowerInvariant();
            var next = option.Success && options.TryGetValue(name, out var known) ? known(read, option.Groups[2].Value) : null;
            if (next is not null && !taken.Add(name)) faults.Add($"--{part.Trim()} is not used: --{name} is given before it");
            else if (next is not null) read = next;
            else faults.Add(Fault(part.Trim(), name));
        }
        return read with { HasOptions = parts.Length > 1, Faults = faults };
    }

    static string Fault(string part, string name)
    {
        if (elsewhere.GetValueOrDefault(name) is { } why) return $"--{part} is not used: it is {why}";
        if (options.ContainsKey(part.ToLowerInvariant())) return $"--{part} is not used: it has no value";
        return options.ContainsKey(name)
            ? $"--{part} is not used: {part[name.Length..].Trim()} is no value of --{name}"
            : $"--{part} is not used: a line's options are {string.Join(", ", options.Keys.Select(one => $"--{one}"))}";
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
