namespace Lowrank.Cli;

/// <summary>Which option does what a library's message advises: libraries know no command line.</summary>
static class OptionAdvice
{
    // What the libraries say, and the option by which it is done here.
    static readonly (string Said, string Option)[] table =
    [
        ("allowUnmatched", "--allow-unmatched"),
        ("CheckpointOptions.Config", "--model-config FOLDER"),
        ("or overwrite it", "--overwrite"),
        ("Give the base model", "--base-model MODEL"),
        ("for another base model?", "--base-model MODEL"),
        ("rite bf16 or f32", "--dtype"),
        ("leave these out", "--leave-out"),
    ];

    /// <summary>A message with the options that it speaks of; itself where it speaks of none, or names them already.</summary>
    public static string Beside(string message)
    {
        // The library's own name says nothing here.
        message = message.Replace(": CheckpointOptions.AllowUnmatched", ": --allow-unmatched", StringComparison.Ordinal)
            .Replace(": allowUnmatched", ": --allow-unmatched", StringComparison.Ordinal);
        var said = table.Where(row => message.Contains(row.Said, StringComparison.OrdinalIgnoreCase));
        var options = said.Select(row => row.Option).Distinct();
        // A run writes several files, and calls by another name as what it saves.
        bool trains = message.StartsWith("training stopped", StringComparison.Ordinal);
        if (trains) options = options.Select(option => option == "--dtype" ? "--save-dtype" : option);
        string[] missing = [.. options.Where(option => !message.Contains(option.Split(' ')[0], StringComparison.Ordinal))];
        return missing.Length == 0 ? message : $"{message} (Here: {string.Join(", ", missing)}.)";
    }
}
