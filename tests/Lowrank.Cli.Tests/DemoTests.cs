using Lowrank.Diffusion;

namespace Lowrank.Cli.Tests;

public class DemoTests
{
    // As little as is possible: the settings that matter are tried by running the demo.
    static readonly string[] quick = ["demo", "--steps", "1", "--sampling-steps", "1"];

    [Fact]
    public void ItLeavesAdapterGridAndPageAndReplacesItsOwnUnasked()
    {
        using var folder = new TemporaryFolder();
        string[] files = ["ink.safetensors", "grid.png", "report.html"];
        for (int run = 0; run < 2; run++)
        {
            var result = Cli.RunIn(folder.Path, [.. quick, "--output", "shown"]).Ended(0);
            Assert.Equal(files.Select(name => Path.Combine("shown", name)), result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
            Assert.DoesNotContain("not used as given", result.Error);
        }
        var grid = PictureFile.Read(folder[Path.Combine("shown", "grid.png")]);
        Assert.True(grid.Width > 3 * 128 && grid.Height > 24 * 128, $"{grid.Width}x{grid.Height}");
        var page = File.ReadAllText(folder[Path.Combine("shown", "report.html")]);
        Assert.Contains("data:image/png;base64,", page);
        Assert.Contains("lowrank generate", page);
        Assert.DoesNotContain("://", page);   // nothing from outside; base64 has no colon
    }

    [Fact]
    public void StoppedWhileItDrawsItBeginsAnewInItsOwnFolder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        using var folder = new TemporaryFolder();
        using (var process = Cli.Start(folder.Path, ["demo", "--steps", "1", "--sampling-steps", "1000", "--output", "shown"]))
        {
            while (!process.HasExited && !File.Exists(folder["shown/ink.safetensors"])) Thread.Sleep(50);
            Cli.Interrupt(process);
            process.WaitForExit();
            Assert.Equal(130, process.ExitCode);
        }
        Assert.Contains("was stopped", File.ReadAllText(folder["shown/report.html"]));
        Cli.RunIn(folder.Path, [.. quick, "--output", "shown"]).Ended(0);
        Assert.DoesNotContain("was stopped", File.ReadAllText(folder["shown/report.html"]));
    }

    [Fact]
    public void FilesThatAreNotItsOwnAreRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["grid.png"], "mine");
        var error = Cli.Run([.. quick, "--output", folder.Path]).Ended(1).Error;
        Assert.Contains("--overwrite", error);
        Assert.Equal("mine", File.ReadAllText(folder["grid.png"]));
        Assert.Equal(["grid.png"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void AwayFromTheSourceItSaysWhatItLooksFor()
    {
        // The program beside this test lies inside the repository: only a folder that holds nothing of the kind can be asked for.
        var fault = Assert.Throws<LowrankException>(() => Workbench.RepositoryFiles.FolderWith("no-such-file-anywhere"));
        Assert.Contains("no-such-file-anywhere", fault.Message);
    }
}
