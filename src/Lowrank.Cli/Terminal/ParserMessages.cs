using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Lowrank.Cli;

/// <summary>What the parser of command lines says, in the words of this program: it names types of .NET.</summary>
static partial class ParserMessages
{
    /// <summary>The message, with the option that it is about.</summary>
    public static string Plain(ParseError error)
    {
        string message = error.Message;
        // The parser says which words there are, and not of what.
        if (error.SymbolResult is OptionResult { Option.Name: var name } && message.StartsWith("Argument '", StringComparison.Ordinal))
            return $"{name}: {message}";
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
