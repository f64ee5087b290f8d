using System.CommandLine.Invocation;

namespace Lowrank.Cli;

/// <summary>Prints <see cref="HelpText"/> of the command that was asked for.</summary>
sealed class ShowHelp : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int width = Console.IsOutputRedirected ? 100 : Math.Clamp(Console.WindowWidth, 60, 120);
        parseResult.InvocationConfiguration.Output.Write(HelpText.Of(parseResult.CommandResult, width));
        return ExitCode.Success;
    }
}
