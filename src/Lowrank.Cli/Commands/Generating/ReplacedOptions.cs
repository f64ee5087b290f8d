using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>Options that are typed, and of which every picture has another value: an axis's, or its line's in a file.</summary>
static class ReplacedOptions
{
    static readonly (string Field, Func<KohyaPromptLine, bool> IsGiven)[] ofLines =
    [
        ("negative", line => line.NegativePrompt is not null), ("width", line => line.Width is not null),
        ("height", line => line.Height is not null), ("seed", line => line.Seeds.Count > 0), ("count", line => line.Seeds.Count > 0),
        ("steps", line => line.Steps is not null), ("guidance", line => line.GuidanceScale is not null),
        ("sampler", line => line.Sampler is not null),
    ];

    /// <summary>What is said of those that axes replace; an axis that adds to what is typed, or may leave it, replaces nothing.</summary>
    /// <param name="axes">The axes.</param>
    /// <param name="result">What was typed.</param>
    public static IEnumerable<string> ByAxes(IEnumerable<GridAxis<GeneratingRequest>> axes, ParseResult result) =>
        from axis in axes
        where axis is { Adds: false, IsNothing: null }
        from name in Typed(FieldsOf(axis.Name, result), result).Select(option => option.Name).Concat(PartsOf(axis.Name, result))
        select $"{name} is not used: the axis \"{axis.Name}\" says it for each picture";

    // Where the axis is not called as the option is.
    static string[] FieldsOf(string axis, ParseResult result)
    {
        bool changes = Typed(["init"], result).Any();
        return axis switch
        {
            "size" => ["width", "height"],
            "init strength" => ["strength"],
            "denoising" => [changes ? "strength" : "hires strength"],
            "strength" => changes ? ["strength"] : [],
            _ => [axis],
        };
    }

    // What stands within an option: the strength behind an adapter's file, one of the sampler's options.
    static IEnumerable<string> PartsOf(string axis, ParseResult result)
    {
        bool ofAdapters = axis == "adapter strength" || axis == "strength" && !Typed(["init"], result).Any();
        var adapters = ofAdapters ? Tokens("adapter", result).Where(text => AdapterArgument.Parse(text).Choice?.Path != text) : [];
        var settings = Tokens("sampler option", result).Where(text => text.StartsWith(axis + "=", StringComparison.Ordinal));
        return [.. adapters.Select(text => $"the strength of --adapter {text}"), .. settings.Select(text => $"--sampler-option {text}")];
    }

    static IEnumerable<string> Tokens(string field, ParseResult result) =>
        Typed([field], result).SelectMany(option => result.GetResult(option)?.Tokens ?? []).Select(token => token.Value);

    /// <summary>What is said of those that every line of a file of prompts replaces.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="result">What was typed.</param>
    public static IEnumerable<string> ByLines(IReadOnlyList<KohyaPromptLine> lines, ParseResult result) =>
        from one in ofLines
        where lines.All(one.IsGiven)
        from option in Typed([one.Field], result)
        select $"{option.Name} is not used: every line of the file of prompts has its own";

    static IEnumerable<Option> Typed(string[] fields, ParseResult result) =>
        result.CommandResult.Command.Options.Where(option => fields.Contains(FieldNames.Of(option)) && result.IsGiven(option));
}
