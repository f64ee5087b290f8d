using System.Runtime.InteropServices;

namespace Lowrank.Cli;

/// <summary>What the user sees of an exception, and the exit code it means.</summary>
static class Faults
{
    /// <summary>Prints to stderr; LOWRANK_DEBUG=1 adds the trace.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="command">The command that was called, whose options are advised; null where none was.</param>
    public static int Report(Exception fault, Command? command)
    {
        var (message, code) = Describe(fault, command);
        Console.Error.WriteLine(Terminal.Shown(message));
        if (Environment.GetEnvironmentVariable("LOWRANK_DEBUG") == "1") Console.Error.WriteLine(fault);
        return code;
    }

    // What takes less memory.
    static string Smaller(Command? command) => command switch
    {
        WriteCommand or EvaluateCommand => "fewer texts at once (--batch), shorter ones, --precision bf16, or a model in fewer bits",
        ChatCommand => "a shorter conversation (/reset), --precision bf16, or a model in fewer bits",
        _ => "fewer pictures or rows at once (--batch), a smaller size, or for training gradient checkpointing and bf16",
    };

    /// <summary>Message and exit code.</summary>
    internal static (string Message, int Code) Describe(Exception fault, Command? command) => fault switch
    {
        AggregateException { InnerExceptions: [var only] } => Describe(only, command),
        StoppedException => (FieldNames.AsOptions(fault.Message), ExitCode.Interrupted),
        OperationCanceledException => ("Stopped.", ExitCode.Interrupted),
        _ when IsOutOfMemory(fault) => ($"Not enough memory. Try {Smaller(command)}; `lowrank doctor` shows what is free.",
            ExitCode.Failure),
        UsageException or RequestException => (InOptions(fault.Message, command), ExitCode.Usage),
        LowrankException => (InOptions(fault.Message, command), ExitCode.Failure),
        // The disk's and the file system's answers: full, no permission, not found.
        IOException or UnauthorizedAccessException => (fault.Message, ExitCode.Failure),
        TypeInitializationException or DllNotFoundException => ($"libtorch could not be loaded: {FirstLine(Innermost(fault))}\n" +
            "Build again (delete artifacts/); on Linux it needs glibc 2.28 or later, on x64 or, for macOS, arm64.", ExitCode.Failure),
        _ => ($"Unexpected: {fault.GetType().Name}: {FirstLine(fault)}\n" +
            "This is a fault of Lowrank. Please report it with the command line and the trace that LOWRANK_DEBUG=1 shows.",
            ExitCode.Failure),
    };

    static string InOptions(string message, Command? command) => OptionAdvice.Beside(FieldNames.AsOptions(message), command);

    static bool IsOutOfMemory(Exception fault)
    {
        var innermost = Innermost(fault);
        return innermost is OutOfMemoryException ||
            innermost is ExternalException && innermost.Message.Contains("allocate memory", StringComparison.Ordinal);
    }

    static string FirstLine(Exception fault) => fault.Message.Split('\n')[0];

    static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;
}
