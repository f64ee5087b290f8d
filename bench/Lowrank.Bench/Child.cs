using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// This program, started anew: for peaks of memory, which a process has but one of, and for parts that may not disturb each other.
/// </summary>
static class Child
{
    /// <summary>The option that counts the processor's time, which a process hands on to those that it starts.</summary>
    public const string ProcessorTime = "--processor-time";

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and what it printed.</returns>
    public static (int Code, string Printed) Run(params IReadOnlyList<string> arguments)
    {
        // Started as a program of its own, or by dotnet, which is told the program.
        string[] clock = BenchClock.CountsProcessor ? [ProcessorTime] : [];
        bool hosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet";
        string[] all = hosted ? [Environment.GetCommandLineArgs()[0], .. arguments, .. clock] : [.. arguments, .. clock];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, all) { RedirectStandardOutput = true })!;
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, printed);
    }
}
