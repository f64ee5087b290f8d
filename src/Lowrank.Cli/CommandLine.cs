using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Lowrank.Cli;

/// <summary>The whole program: its commands, and how a call of them ends.</summary>
static class CommandLine
{
    /// <summary>Runs the command that <paramref name="args"/> names and returns its <see cref="ExitCode"/>.</summary>
    public static int Run(string[] args)
    {
        LastingWriter.Use();
        Command? command = null;
        try
        {
            var root = Root(args);
            command = root.Subcommands.FirstOrDefault(one => one.Name == args.FirstOrDefault());
            string[] options = [.. args.TakeWhile(word => word != "--")];   // behind it stand texts, whatever they look like
            if (command is not null) args = [.. options.Select(word => SwitchWord.Plain(word, command)), .. args[options.Length..]];
            var parsed = root.Parse(args);
            string[] neither = command is null ? [] : [.. options.Select(word => SwitchWord.Fault(word, command)).OfType<string>()];
            if (neither.Length > 0) return UsageError(parsed, neither, []);
            var mistyped = MistypedOptions(parsed, args);
            if (mistyped.Count > 0) return UsageError(parsed, mistyped.Select(word => $"There is no option {word}."), mistyped);
            if (parsed.Action is ParseErrorAction)
                return UsageError(parsed, parsed.Errors.Select(error => ParserMessages.Plain(error)), parsed.UnmatchedTokens);
            using var interruption = new Interruption(command as IHearsInterrupts);
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(invocation, interruption.Token).GetAwaiter().GetResult();
        }
        catch (Exception fault)
        {
            return Faults.Report(fault, command);
        }
    }

    /// <summary>Every command by its name. A command is made when it is called for: the options of one are more than all others'.</summary>
    public static IReadOnlyList<(string Name, Func<Command> Make)> Commands { get; } =
    [
        ("demo", () => new DemoCommand()),
        ("train", () => new TrainCommand()),
        ("generate", () => new GenerateCommand()),
        ("workflow", () => new WorkflowCommand()),
        ("write", () => new WriteCommand()),
        ("chat", () => new ChatCommand()),
        ("tokenize", () => new TokenizeCommand()),
        ("evaluate", () => new EvaluateCommand()),
        ("inspect", () => new InspectCommand()),
        ("convert", () => new ConvertCommand()),
        ("quantize", () => new QuantizeCommand()),
        ("merge", () => new MergeCommand()),
        ("extract", () => new ExtractCommand()),
        ("resize", () => new ResizeCommand()),
        ("verify", () => new VerifyCommand()),
        ("pull", () => new PullCommand()),
        ("doctor", () => new DoctorCommand()),
        ("completion", () => new CompletionCommand()),
    ];

    /// <summary>The root command with what is under it, so far as a call can ask for it.</summary>
    public static RootCommand Root(IReadOnlyList<string> args)
    {
        var root = new RootCommand(
            "Trains, applies and inspects low-rank adapters (LoRA and its family) for Stable Diffusion and for language models.");
        foreach (var command in Needed(args)) root.Add(command);
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());   // its /h and /? would stand among the completions
        root.Add(new HelpOption("--help", "-h") { Description = "show this help", Action = new ShowHelp() });
        var version = root.Options.OfType<VersionOption>().Single();
        version.Action = new ShowVersion();
        version.Description = "show the version";
        root.SetAction(result => new ShowHelp().Invoke(result));   // as a plain action: a wrong command stays an error
        return root;
    }

    // The command that the first word names; where that is another word (help, a completion's, a mistyped one), all.
    static IEnumerable<Command> Needed(IReadOnlyList<string> args)
    {
        if (args is ["--version"]) return [];
        var named = Commands.Where(command => args.Count > 0 && command.Name == args[0]).ToList();
        return (named.Count > 0 ? named : Commands).Select(command => command.Make());
    }

    // Where a command takes texts, the parser takes an option that it does not know for one of them.
    static List<string> MistypedOptions(ParseResult parsed, string[] args)
    {
        // Behind -- stand texts, whatever they look like.
        var asTexts = args.SkipWhile(word => word != "--").ToHashSet();
        asTexts.ExceptWith(args.TakeWhile(word => word != "--"));
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>();
        var taken = arguments.SelectMany(argument => argument.Tokens).Select(token => token.Value);
        var command = parsed.CommandResult.Command;
        var stray = taken.Concat(parsed.UnmatchedTokens).Where(LooksLikeOption);
        // Of -hf the parser makes -h and -f.
        var values = parsed.CommandResult.Children.OfType<OptionResult>().SelectMany(option => option.Tokens).Select(token => token.Value);
        var others = args.Where(word => word is ['-', not '-', _, ..] && Elsewhere(word, command) is not null).Except(values);
        return [.. stray.Concat(others).Where(word => !asTexts.Contains(word)).Distinct()];
    }

    static bool LooksLikeOption(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && char.IsAsciiLetter(word[2]) ||
        word is ['-', var letter] && char.IsAsciiLetter(letter) || LongDash.IsIn(word);

    static int UsageError(ParseResult parsed, IEnumerable<string> messages, IReadOnlyList<string> strayWords)
    {
        foreach (var message in messages) Console.Error.WriteLine(message);
        var command = parsed.CommandResult.Command;
        foreach (var word in strayWords)
            if (LongDash.IsIn(word)) Console.Error.WriteLine(LongDash.Told(word, command));
            else if (Elsewhere(word, command) is { } told) Console.Error.WriteLine(told);
            else if (Meant(word, command) is { } near) Console.Error.WriteLine($"Did you mean {near}?");
            else if (word is ['-', _] && command.Arguments.Count > 0)
                Console.Error.WriteLine($"If it is a text: what stands behind -- is one (-- {word}).");
        Console.Error.WriteLine($"See: {HelpText.PathOf(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }

    // What an option of another program is here.
    static string? Elsewhere(string word, Command command) => command switch
    {
        TrainCommand => KohyaOptions.Of(word),
        GenerateCommand => ForeignOptions.Of(word),
        WriteCommand or ChatCommand or EvaluateCommand => WritingProgramOptions.Of(word, command),
        _ => null,
    };

    // The name that looks most like a mistyped word: of an option for an option, of a command for any other word.
    static string? Meant(string word, Command command)
    {
        bool isOption = word[0] == '-';
        string bare = word.TrimStart('-');
        var names = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(sub => sub.Name);
        if (NearestNames.Resembling(bare, names.Select(name => name.TrimStart('-')), 1) is not [var near]) return null;
        if (Math.Abs(near.Length - bare.Length) >= 4) return null;
        return isOption ? $"--{near}" : near;
    }
}
