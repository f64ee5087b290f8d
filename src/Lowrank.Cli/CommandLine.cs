using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Lowrank.Cli;

/// <summary>The whole program: its commands, and how a call of them ends.</summary>
static class CommandLine
{
    /// <summary>Runs the command that <paramref name="args"/> names and returns its <see cref="ExitCode"/>.</summary>
    public static int Run(string[] args)
    {
        try
        {
            var parsed = Root().Parse(args);
            if (parsed.Action is ParseErrorAction) return UsageError(parsed);
            using var interruption = new Interruption();
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(invocation, interruption.Token).GetAwaiter().GetResult();
        }
        catch (Exception fault)
        {
            return Faults.Report(fault);
        }
    }

    /// <summary>The root command with everything under it.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Trains, applies and inspects low-rank adapters (LoRA) for Stable Diffusion.")
        {
            new DemoCommand(),
            new TrainCommand(),
            new GenerateCommand(),
            new InspectCommand(),
            new DoctorCommand(),
            new CompletionCommand(),
        };
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());   // its /h and /? would stand among the completions
        root.Add(new HelpOption("--help", "-h") { Description = "show this help", Action = new ShowHelp() });
        var version = root.Options.OfType<VersionOption>().Single();
        version.Action = new ShowVersion();
        version.Description = "show the version";
        root.SetAction(result => new ShowHelp().Invoke(result));   // as a plain action: a wrong command stays an error
        return root;
    }

    static int UsageError(ParseResult parsed)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
        var command = parsed.CommandResult.Command;
        foreach (var word in parsed.UnmatchedTokens)
        {
            var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).Where(name => name[0] == '-' == (word[0] == '-'));
            if (NearestNames.To(word, known, 1) is [var near] && Math.Abs(near.Length - word.Length) < 4) Console.Error.WriteLine($"Did you mean {near}?");
        }
        Console.Error.WriteLine($"See: {HelpText.PathOf(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }
}
