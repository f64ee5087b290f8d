namespace Lowrank.Cli;

/// <summary>Which option does what a library's message advises: libraries know no command line.</summary>
static class OptionAdvice
{
    // What the libraries say, and the options by which it is done: of several, the first that the command has, as it calls it first.
    static readonly (string Said, string[] Options)[] table =
    [
        ("allowUnmatched", ["--allow-unmatched"]),
        ("CheckpointOptions.Config", ["--model-config FOLDER"]),
        ("or overwrite it", ["--overwrite"]),
        ("Give the base model", ["--model MODEL"]),
        ("for another base model?", ["--model MODEL"]),
        ("rite bf16 or f32", ["--dtype", "--save-dtype"]),
        ("leave these out", ["--leave-out"]),
        ("What is to be drawn?", ["lowrank generate \"cat face\"; see lowrank generate --help"]),
        ("its text draws it", ["lowrank generate --from PICTURE"]),
        ("What is to be merged?", ["see lowrank merge --help"]),
    ];

    /// <summary>A message with the options that it speaks of; itself where it speaks of none, or names them already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="command">The command that was called, whose options they are; null where none was.</param>
    public static string Beside(string message, Command? command)
    {
        // The library's own name says nothing here.
        message = message.Replace(": CheckpointOptions.AllowUnmatched", ": --allow-unmatched", StringComparison.Ordinal)
            .Replace(": allowUnmatched", ": --allow-unmatched", StringComparison.Ordinal);
        var said = table.Where(row => message.Contains(row.Said, StringComparison.OrdinalIgnoreCase));
        var advised = said.Select(row => row.Options.Select(option => Own(option, command)).FirstOrDefault(option => option is not null));
        var options = advised.OfType<string>().Distinct();
        string[] missing = [.. options.Where(option => !message.Contains(option.Split(' ')[0], StringComparison.Ordinal))];
        return missing.Length == 0 ? message : $"{message} (Here: {string.Join(", ", missing)}.)";
    }

    // By the command's own name of the option; another command may be advised anywhere.
    static string? Own(string advice, Command? command)
    {
        string name = advice.Split(' ')[0];
        if (!name.StartsWith('-')) return advice;
        var own = command?.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
        return own is null ? null : own.Name + advice[name.Length..];
    }
}
