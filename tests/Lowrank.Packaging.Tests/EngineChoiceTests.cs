using System.Diagnostics;

namespace Lowrank.Packaging.Tests;

/// <summary>LOWRANK_TORCH in the environment chooses the package with libtorch that everything is built with.</summary>
public class EngineChoiceTests
{
    const string Variable = "LOWRANK_TORCH";

    [Theory, InlineData(null, "libtorch-cpu"), InlineData("cpu", "libtorch-cpu"), InlineData("cuda", "libtorch-cuda-12.8")]
    public void TheProgramReferencesTheEnginesPackage(string? choice, string package)
    {
        string project = Path.Combine("src", "Lowrank.Cli", "Lowrank.Cli.csproj");
        var (code, said) = Run(choice, "dotnet", "msbuild", project, "-getItem:PackageReference");
        Assert.Equal(0, code);
        Assert.Contains($"\"{package}-", said);
    }

    [Theory, InlineData("lowrank"), InlineData("test")]
    public void AnotherWordIsAUsageError(string script)
    {
        if (OperatingSystem.IsWindows()) return;   // whose scripts are others
        var (code, said) = Run("rocm", Path.Combine(GoldenFolder.Repository, script), "--version");
        Assert.Equal(2, code);
        Assert.Equal("LOWRANK_TORCH is \"rocm\", and can be cpu or cuda", said.Trim());
    }

    static (int Code, string Said) Run(string? choice, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = GoldenFolder.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove(Variable);
        if (choice is not null) start.Environment[Variable] = choice;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
