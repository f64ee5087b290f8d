using System.Text.RegularExpressions;

namespace Lowrank.Cli;

/// <summary>What the parser of command lines says, in the words of this program: it names types of .NET.</summary>
static partial class ParserMessages
{
    /// <summary>The message; itself where it names no type.</summary>
    public static string Plain(string message)
    {
        var match = Unparsed().Match(message);
        if (!match.Success) return message;
        string type = match.Groups["type"].Value;
        string kind = type.Contains("Int", StringComparison.Ordinal) ? "whole number"
            : type.Contains("Double", StringComparison.Ordinal) ? "number" : "value that it takes";
        return $"{match.Groups["option"].Value}: '{match.Groups["text"].Value}' is no {kind}.";
    }

    [GeneratedRegex(
        @"^Cannot parse argument '(?<text>.*)' for (?:option|command|argument) '(?<option>[^']*)' as expected type '(?<type>.*)'\.",
        RegexOptions.Singleline)]
    private static partial Regex Unparsed();
}
