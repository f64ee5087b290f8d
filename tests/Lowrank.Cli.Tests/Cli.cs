using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lowrank.Cli.Tests;

/// <summary>Runs the built program as a user does: a process of its own, with its output piped.</summary>
static class Cli
{
    /// <summary>How a call ended.</summary>
    public sealed record Result(int Code, string Out, string Error, TimeSpan Took);

    /// <summary>Runs <c>lowrank</c> with these arguments, to its end.</summary>
    public static Result Run(params string[] args) => RunIn(Environment.CurrentDirectory, args);

    /// <summary>Runs it in a folder.</summary>
    public static Result RunIn(string folder, params string[] args)
    {
        long start = Stopwatch.GetTimestamp();
        using var process = Start(folder, args);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(4)), $"lowrank {string.Join(' ', args)} does not end");
        return new(process.ExitCode, output, error.Result, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Starts it; the caller waits for it.</summary>
    public static Process Start(string folder, string[] args, (string Name, string Value)[]? environment = null, bool input = false)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "lowrank.dll"), .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input,
        };
        start.Environment.Remove("LOWRANK_DEBUG");
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Presses Ctrl-C, as it were.</summary>
    public static void Interrupt(Process process) => Signal(process, 2);

    /// <summary>Closes its terminal, as it were.</summary>
    public static void HangUp(Process process) => Signal(process, 1);

    static void Signal(Process process, int signal)
    {
        Assert.False(process.HasExited, process.HasExited ? process.StandardError.ReadToEnd() : "");
        Assert.Equal(0, kill(process.Id, signal));
    }

    [DllImport("libc", ExactSpelling = true)]
    static extern int kill(int process, int signal);

    /// <summary>Fails, with what the program said, unless it ended with this code.</summary>
    public static Result Ended(this Result result, int code)
    {
        Assert.True(result.Code == code, $"exit code {result.Code}, expected {code}\n{result.Out}\n{result.Error}");
        return result;
    }
}
