using System.Diagnostics;

namespace Lowrank.Adapters.Tests;

/// <summary>The samples are programs of one file; each builds, runs to its end and says what it promises.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("lora-on-your-model.cs", "merged: cosine 0.0")]
    [InlineData("switching-adapters.cs", "cosine 0.00")]
    [InlineData("serving-adapters.cs", "sine off by 0.0[0-9] at most, line by 0.0")]
    [InlineData("torchscript-model.cs", "Read from the folder and merged: 0.00")]
    [InlineData("picture-classifier.cs", "Read back and merged: (9[0-9]|100)\\D")]
    public async Task Sample(string name, string promise)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { WorkingDirectory = GoldenFolder.Repository, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "run", "-c", "Release", Path.Combine("samples", name) }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await error);
        Assert.Matches(promise, output);
    }
}
