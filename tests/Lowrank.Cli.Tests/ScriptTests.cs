using System.Diagnostics;

namespace Lowrank.Cli.Tests;

/// <summary>The scripts at the repository's root, where .NET is missing or too old.</summary>
public class ScriptTests
{
    [Theory]
    [InlineData("cpu", "cpu", true)]
    [InlineData("cpu", "cuda", false)]
    [InlineData("cuda", "cpu", false)]
    public void TestsOfAnotherEngineTakeTheStampOfTheProgramAway(string stamped, string asked, bool stays)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("the scripts for Windows are .cmd files");
            return;
        }
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "build", "artifacts", "bin" }) Directory.CreateDirectory(folder[name]);
        foreach (string file in new[] { "test", "build/sdk.sh" }) File.Copy(Path.Combine(GoldenFolder.Repository, file), folder[file]);
        // An SDK that is there and builds nothing.
        File.WriteAllText(folder["bin/dotnet"], "#!/bin/sh\n[ \"$1\" = --version ] && echo 10.0.100\n");
        File.SetUnixFileMode(folder["bin/dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(folder["artifacts/lowrank.stamp"], stamped + "\n");
        var start = new ProcessStartInfo("bash", [folder["test"]]) { RedirectStandardError = true };
        start.Environment["PATH"] = $"{folder["bin"]}:{start.Environment["PATH"]}";
        start.Environment["LOWRANK_TORCH"] = asked;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode);   // nothing was built
        Assert.Equal(stays, File.Exists(folder["artifacts/lowrank.stamp"]));
    }

    [Theory]
    [InlineData("lowrank", null)]
    [InlineData("test", null)]
    [InlineData("test", "8.0.100")]
    public void WithoutTheSdkTheySayHowToGetIt(string script, string? version)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts for Windows are .cmd files");
        using var folder = new TemporaryFolder();
        foreach (var tool in new[] { "bash", "cat", "dirname", "find", "readlink" })
            File.CreateSymbolicLink(folder[tool], new[] { "/usr/bin", "/bin" }.Select(bin => Path.Combine(bin, tool)).First(File.Exists));
        if (version is not null && !OperatingSystem.IsWindows())
        {
            File.WriteAllText(folder["dotnet"], $"#!{folder["bash"]}\necho {version}\n");
            File.SetUnixFileMode(folder["dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        var start = new ProcessStartInfo(folder["bash"], [Path.Combine(GoldenFolder.Repository, script)]) { RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = start.Environment["HOME"] = folder.Path;
        using var process = Process.Start(start)!;
        var message = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("https://dot.net/download", message);
        Assert.Contains("dotnet-sdk-10.0", message);
        Assert.Contains("winget", message);
    }
}
