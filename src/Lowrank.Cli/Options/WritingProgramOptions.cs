namespace Lowrank.Cli;

/// <summary>Options of other programs that write with language models: what they are called here.</summary>
/// <remarks>llama.cpp's llama-cli, the fields of transformers' generate, ollama's parameters, OpenAI's API.</remarks>
static class WritingProgramOptions
{
    /// <summary>What others call an option, without hyphens and lines, and the option.</summary>
    internal static IReadOnlyDictionary<string, string> Table => table;

    static readonly Dictionary<string, string> table = new()
    {
        ["maxnewtokens"] = "--max-tokens",
        ["maxlength"] = "--max-tokens",
        ["maxcompletiontokens"] = "--max-tokens",
        ["npredict"] = "--max-tokens",
        ["predict"] = "--max-tokens",
        ["numpredict"] = "--max-tokens",
        ["minnewtokens"] = "--min-tokens",
        ["minlength"] = "--min-tokens",
        ["temp"] = "--temperature",
        ["dosample"] = "--temperature T",
        ["sample"] = "--temperature T",
        ["typical"] = "--typical-p",
        ["repeatpenalty"] = "--repetition-penalty",
        ["repetition"] = "--repetition-penalty",
        ["norepeatngramsize"] = "--no-repeat-ngram",
        ["numbeams"] = "--beams",
        ["beamsize"] = "--beams",
        ["ignoreeos"] = "--ignore-end",
        ["special"] = "--show-control",
        ["reverseprompt"] = "--stop",
        ["stopstrings"] = "--stop",
        ["stopsequences"] = "--stop",
        ["stopsequence"] = "--stop",
        ["grammarfile"] = "--grammar",
        ["jsonschema"] = "--schema",
        ["jsonschemafile"] = "--schema",
        ["format"] = "--schema",
        ["responseformat"] = "--schema",
        ["systemprompt"] = "--system",
        ["sys"] = "--system",
        ["lora"] = "--adapter",
        ["lorascaled"] = "--adapter FILE:STRENGTH",
        ["peft"] = "--adapter",
        ["adapterpath"] = "--adapter",
        ["hf"] = "--model hf:NAME",
        ["hfr"] = "--model hf:NAME",
        ["hfrepo"] = "--model hf:NAME",
        ["ckpt"] = "--model",
        ["modelid"] = "--model",
        ["modelpath"] = "--model",
        ["modelnameorpath"] = "--model",
        ["pretrained"] = "--model",
        ["file"] = "--prompts-file",
        ["f"] = "--prompts-file",
        ["tasks"] = "--task",
        ["batchsize"] = "--batch",
        ["dtype"] = "--precision",
        ["torchdtype"] = "--precision",
        ["outputpath"] = "--out",
        ["output"] = "--out",
    };

    /// <summary>A sentence on a word that another program knows: <c>--temp is --temperature here.</c> null for any other word, and for what
    /// the command at hand has not.</summary>
    /// <param name="word">The word.</param>
    /// <param name="command">The command.</param>
    public static string? Of(string word, Command command)
    {
        string typed = word.Split('=')[0], name = typed.TrimStart('-');
        string plain = string.Concat(name.Where(c => c is not ('-' or '_'))).ToLowerInvariant();
        if (plain is "prompt" or "p") return command.Name == "write" ? $"{typed} is not needed here: the prompt stands by itself." : null;
        if (!table.TryGetValue(plain, out string? option)) return null;
        bool isThere = command.Options.Any(one => one.Name == option.Split(' ')[0]);
        bool isItsName = command.Options.Any(one => one.Name == typed || one.Aliases.Contains(typed));
        return isThere && !isItsName ? $"{typed} is {option} here." : null;
    }
}
