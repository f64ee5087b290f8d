using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Where results and progress go: results to stdout, all else to stderr. Piped, they carry no colours and no bars.</summary>
static class Terminal
{
    static readonly Lazy<IAnsiConsole> results = new(() => Create(Console.Out, Console.IsOutputRedirected));
    static readonly Lazy<IAnsiConsole> messages = new(() => Create(Console.Error, Console.IsErrorRedirected));

    /// <summary>stdout.</summary>
    public static IAnsiConsole Results => results.Value;

    /// <summary>stderr.</summary>
    public static IAnsiConsole Messages => messages.Value;

    /// <summary>Whether somebody watches stderr: progress is shown only then.</summary>
    public static bool ShowsProgress => !Console.IsErrorRedirected;

    /// <summary>A message without what a terminal would obey: keys and names of files may stand in it.</summary>
    public static string Shown(string message) => string.Join('\n', message.Split('\n').Select(ShownText.Of));

    static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected) console.Profile.Width = 1000;   // nothing is wrapped for a program that reads it
        return console;
    }
}
