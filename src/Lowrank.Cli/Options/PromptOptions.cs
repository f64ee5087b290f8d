using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>How prompts are written, and the folders of what they name.</summary>
sealed class PromptOptions
{
    const string Plain = "plain", WebUi = "a1111", Comfy = "comfyui";

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
        Description = "how prompts are written, the program's own way unless it is said: plain; a1111, with (words:1.2), " +
            "[words:others:0.5], [a|b], BREAK, AND and <lora:name:0.8>; comfyui, with (words:1.2) and embedding:name",
        DefaultValueFactory = _ => Plain,
    };

    readonly Option<string> emphasis = new("--emphasis")
    {
        HelpName = "WAY",
        Description = $"what weights of words do in a1111's syntax: {string.Join(", ", emphases.Keys)}",
        DefaultValueFactory = _ => "original",
    };

    readonly Option<int> backtrack = new("--comma-backtrack")
    {
        HelpName = "N",
        Description = "in a1111's syntax, move what follows a comma among the last N tokens of a full chunk into the next one; 0 never",
        DefaultValueFactory = _ => 20,
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
        syntax.AcceptOnlyFromAmong(Plain, WebUi, Comfy);
        emphasis.AcceptOnlyFromAmong([.. emphases.Keys]);
    }

    /// <summary>All of them.</summary>
    public Option[] All => [syntax, emphasis, backtrack, words, dynamic, combinations, wildcards, lenient];

    /// <summary>The prompts, with all that dynamic ones stand for where every one of them is wanted.</summary>
    public IReadOnlyList<string> Of(ParseResult result, IReadOnlyList<string> prompts)
    {
        if (result.GetValue(combinations) is not { } most) return prompts;
        if (most < 1) throw new UsageException($"--combinations is {most}; it must be 1 or more.");
        return PromptReading.AllOf(prompts, result.GetValue(wildcards), most);
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
    /// <param name="program">In whose way pictures are made.</param>
    public PromptReading ReadingOf(ParseResult result, string? adapters, Compat program) => new()
    {
        Choices = result.GetValue(dynamic) && result.GetValue(combinations) is null,
        Wildcards = result.GetValue(wildcards),
        Comments = IsWebUi(result, program),
        Tags = IsWebUi(result, program) || adapters is not null,
        Adapters = adapters,
        Words = result.GetValue(words),
        Lenient = result.GetValue(lenient),
    };

    /// <summary>The options with what is typed of how prompts are read and encoded.</summary>
    public GenerateOptions Applied(ParseResult result, GenerateOptions options)
    {
        if (IsGiven(result, syntax)) options = Written(options, result.GetRequiredValue(syntax));
        if (options.Encoding is not WebUiEncoding encoding) return options;
        if (IsGiven(result, emphasis)) encoding = encoding.With(emphases[result.GetRequiredValue(emphasis)]);
        if (IsGiven(result, backtrack)) encoding = encoding.With(result.GetRequiredValue(backtrack));
        return encoding == options.Encoding ? options : options with { Encoding = encoding };
    }

    /// <summary>What was typed and changes nothing.</summary>
    public IEnumerable<string> Idle(ParseResult result, GenerateOptions options) => options.Encoding is WebUiEncoding
        ? []
        : ((Option[])[emphasis, backtrack]).Where(option => IsGiven(result, option))
            .Select(option => $"{option.Name} is not used: it is of a1111's syntax, and prompts are written otherwise (--syntax a1111)");

    static GenerateOptions Written(GenerateOptions options, string program) => program switch
    {
        WebUi => options with { Syntax = PromptSyntax.WebUi, Encoding = PromptEncoding.WebUi },
        Comfy => options with { Syntax = PromptSyntax.Plain, Encoding = PromptEncoding.Comfy },
        _ => options with { Syntax = PromptSyntax.Plain, Encoding = new PlainEncoding(options.MaxTokens) },
    };

    static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    bool IsWebUi(ParseResult result, Compat program) =>
        IsGiven(result, syntax) ? result.GetRequiredValue(syntax) == WebUi : program == Compat.WebUi;
}
