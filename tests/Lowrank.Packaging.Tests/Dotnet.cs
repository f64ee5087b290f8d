using System.Diagnostics;

namespace Lowrank.Packaging.Tests;

/// <summary>Runs <c>dotnet</c> as a developer does.</summary>
static class Dotnet
{
    /// <summary>What it says; a failure is the test's failure, with all that was said.</summary>
    public static string Run(string folder, params IEnumerable<string> arguments)
    {
        var (code, said) = Try(folder, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}\n{said}");
        return said;
    }

    /// <summary>How it ends, and what it says.</summary>
    public static (int Code, string Said) Try(string folder, params IEnumerable<string> arguments) => TryIn(null, folder, arguments);

    /// <summary>The same under a language of the machine; null leaves the machine's own.</summary>
    public static (int Code, string Said) TryIn(string? language, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("NUGET_PACKAGES");               // it would overrule the folder's own nuget.config
        if (language is not null) (start.Environment["LC_ALL"], start.Environment["LANG"]) = (language, language);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";        // a node that stays would keep the pipes open
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, $"{output}\n{error.Result}".Trim());
    }
}
