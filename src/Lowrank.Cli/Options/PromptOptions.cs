using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>How prompts are written, and the folders of what they name.</summary>
sealed class PromptOptions
{
    static readonly Dictionary<string, Emphasis> emphases = new()
    {
        ["original"] = Emphasis.Original,
        ["no-norm"] = Emphasis.NoNorm,
        ["ignore"] = Emphasis.Ignore,
        ["none"] = Emphasis.None,
    };

    readonly Option<string> syntax = new("--syntax")
    {
        HelpName = "PROGRAM",
        Description = "how prompts are written (default: as --compat's program does): plain; a1111, with (words:1.2), " +
            "[words:others:0.5], [a|b], BREAK, AND and <lora:name:0.8>; comfyui, with (words:1.2) and embedding:name",
    };

    readonly Option<string> emphasis = new("--emphasis")
    {
        HelpName = "WAY",
        Description = $"what weights of words do in a1111's syntax: {string.Join(", ", emphases.Keys)} (default: original)",
    };

    readonly Option<int?> backtrack = new("--comma-backtrack")
    {
        HelpName = "N",
        Description = "in a1111's syntax, move what follows a comma among the last N tokens of a full chunk into the next one; " +
            $"0 never (default: {WebUiEncoding.UsualBacktrack})",
    };

    readonly Option<string> words = new("--embeddings-dir")
    {
        HelpName = "FOLDER",
        Description = "where learnt words (textual inversion) lie, a file each: its name is the word",
    };

    readonly Option<bool> dynamic = new("--dynamic")
    {
        Description = "choose from {one|another}, {2$$a|b|c}, __wildcard__ and ${variable={a|b}}, by each picture's seed",
    };

    readonly Option<int?> combinations = new("--combinations")
    {
        HelpName = "N",
        Description = "in place of one choice by the seed, draw every prompt that a dynamic one stands for, at most N of each",
    };

    readonly Option<string> wildcards = new("--wildcards-dir")
    {
        HelpName = "FOLDER",
        Description = "where wildcards lie: text files with a value a line, by name with folders",
    };

    readonly Option<bool> lenient = new("--lenient")
    {
        Description = "leave out adapters of a prompt that are not found or cannot be read, and say so, as web UIs do",
    };

    public PromptOptions()
    {
        syntax.AcceptOnlyFromAmong([.. PromptWay.All.Select(way => way.Name)]);
        emphasis.AcceptOnlyFromAmong([.. emphases.Keys]);
        Settings = new()
        {
            { syntax, (options, program) => Written(options, program) },
            { emphasis, (options, way) => way is null ? options : Encoded(options, one => one with { Emphasis = emphases[way] }) },
            { backtrack, (options, most) => Encoded(options, one => one with { Backtrack = most ?? one.Backtrack }) },
        };
    }

    /// <summary>All of them.</summary>
    public Option[] All => [.. Settings, words, dynamic, combinations, wildcards, lenient];

    /// <summary>What of them goes with others alone.</summary>
    public OptionNeed[] Needs => [new(wildcards, dynamic, combinations)];

    /// <summary>How prompts are written and encoded; the program's own way unless it is typed.</summary>
    public SettingList<GenerateOptions> Settings { get; }

    /// <summary>The prompts, with all that dynamic ones stand for where every one of them is wanted.</summary>
    /// <param name="result">The call.</param>
    /// <param name="prompts">As they were typed.</param>
    /// <param name="known">Told what of them is not done as it is written.</param>
    public IReadOnlyList<string> Of(ParseResult result, IReadOnlyList<string> prompts, Account known)
    {
        if (result.GetValue(combinations) is not { } most) return prompts;
        if (most < 1) throw new UsageException($"--combinations is {most}; it must be 1 or more.");
        if (!prompts.Any(DynamicPrompts.HasSigns))
            known.Leaves("idle_prompt_option", $"{combinations.Name} is not used: {PromptReading.NoChoices}");
        var remarks = new List<string>();
        var all = PromptReading.AllOf(prompts, result.GetValue(wildcards), most, remarks);
        foreach (string remark in remarks) known.Leaves("prompts", remark);
        return all;
    }

    /// <summary>Refuses combinations where each prompt is drawn by itself.</summary>
    public void RefuseCombinations(ParseResult result)
    {
        if (result.GetValue(combinations) is not null)
            throw new UsageException("--combinations is not for prompts with options of their own. Leave it out, or the options.");
    }

    /// <summary>What of prompts is read before they are encoded.</summary>
    /// <param name="result">The call.</param>
    /// <param name="adapters">The folder of adapters that tags name; null for none.</param>
    public PromptReading ReadingOf(ParseResult result, string? adapters) => new()
    {
        Choices = result.GetValue(dynamic) && result.GetValue(combinations) is null,
        Wildcards = result.GetValue(wildcards),
        Comments = null,   // as the syntax has it
        Tags = null,
        Adapters = adapters,
        Words = result.GetValue(words),
        Lenient = result.GetValue(lenient),
    };

    /// <summary>What was typed and changes nothing.</summary>
    public IEnumerable<string> Idle(ParseResult result, GenerateOptions options)
    {
        bool drawsAll = result.IsGiven(combinations);
        if (drawsAll && result.GetValue(dynamic))
            yield return $"{dynamic.Name} is not used: {combinations.Name} draws all that it would choose from";
        if (drawsAll && DynamicPrompts.HasSigns(options.NegativePrompt ?? ""))
            yield return $"the choices of the negative prompt are not made, and it is taken as it stands: {combinations.Name} is of " +
                $"prompts alone ({dynamic.Name} in its place chooses in both)";
        if (options.Encoding is WebUiEncoding) yield break;
        foreach (var option in ((Option[])[emphasis, backtrack]).Where(result.IsGiven))
            yield return $"{option.Name} is not used: it is of a1111's syntax, and prompts are written otherwise (--syntax a1111)";
    }

    static GenerateOptions Written(GenerateOptions options, string? name) => name is not null && PromptWay.Find(name) is { } way
        ? options.Written(way) with { KeepsPrompts = true }
        : options;

    static GenerateOptions Encoded(GenerateOptions options, Func<WebUiEncoding, WebUiEncoding> changed) =>
        options.Encoding is WebUiEncoding encoding ? options with { Encoding = changed(encoding) } : options;
}
