using System.CommandLine.Invocation;

namespace Lowrank.Cli;

/// <summary>Prints the program's name and version.</summary>
sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"lowrank {Versions.Lowrank}");
        return ExitCode.Success;
    }
}
