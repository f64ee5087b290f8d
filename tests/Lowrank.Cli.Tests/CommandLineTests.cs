namespace Lowrank.Cli.Tests;

/// <summary>A call makes the commands that it can ask for, and no others.</summary>
public class CommandLineTests
{
    static readonly IEnumerable<string> all = CommandLine.Commands.Select(command => command.Name);

    [Fact]
    public void TheTableCallsCommandsAsTheyCallThemselves() => Assert.Equal(all, CommandLine.Commands.Select(command => command.Make().Name));

    [Fact]
    public void ACallMakesTheCommandThatItNamesAndWhatItsVersionNeedsIsNone()
    {
        Assert.Equal(["train"], Made("train", "--help"));
        Assert.Empty(Made("--version"));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("trian")]
    [InlineData("[suggest:9]", "lowrank t")]
    [InlineData("--version", "train")]
    public void AnyOtherCallMakesThemAll(params string[] args) => Assert.Equal(all, Made(args));

    static IEnumerable<string> Made(params string[] args) => CommandLine.Root(args).Subcommands.Select(command => command.Name);
}
