using System.Text.RegularExpressions;

namespace Lowrank.Cli;

/// <summary>The fields of a job's request as the options that give them here: jobs know no command line.</summary>
static partial class FieldNames
{
    /// <summary>A job's message with its fields as options: of "`mask blur` is -1" it is "--mask-blur is -1".</summary>
    public static string AsOptions(string message) => Field().Replace(message, field =>
        field.Groups[1] is { Success: true, Value: var name } ? $"--{name.Replace(' ', '-')}" : field.Value);

    /// <summary>What jobs call the field that an option gives: "mask blur".</summary>
    public static string Of(Option option) => option.Name.TrimStart('-').Replace('-', ' ');

    // Between backticks stand commands too, and what stands in quotes is the user's. A quote within or behind a word, as of inches, opens
    // nothing.
    [GeneratedRegex("(?<!\\w)\"[^\"\n]*\"|`((?!lowrank )[a-z][a-z ]*)`")]
    private static partial Regex Field();
}
