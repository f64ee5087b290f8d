using System.CommandLine.Parsing;

namespace Lowrank.Cli;

/// <summary>Which options stand on a command line, and do not only have their default.</summary>
static class TypedOptions
{
    /// <summary>What jobs call them: "density".</summary>
    public static IReadOnlyCollection<string> GivenFields(this ParseResult result) =>
    [
        .. result.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit)
            .Select(option => FieldNames.Of(option.Option)),
    ];

    /// <summary>Whether an option is among them.</summary>
    public static bool IsGiven(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
