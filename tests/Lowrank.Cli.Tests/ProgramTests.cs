
namespace Lowrank.Cli.Tests;

/// <summary>What every call has in common: help, versions, exit codes, silence when piped.</summary>
public class ProgramTests
{
    public static TheoryData<string> Commands => ["demo", "train", "generate", "inspect", "doctor", "completion"];

    [Fact]
    public void WithoutArgumentsItShowsItsCommandsAndExamples()
    {
        var result = Cli.Run().Ended(0);
        foreach (var command in Commands) Assert.Contains($"\n  {command.Data} ", result.Out);
        Assert.Contains("lowrank demo\n", result.Out);
        Assert.Contains("Exit codes: 0 done, 1 failed", result.Out);
        Assert.Empty(result.Error);
    }

    [Theory, MemberData(nameof(Commands))]
    public void HelpOfEveryCommandHasUsageAndExamples(string command)
    {
        var result = Cli.Run(command, "--help").Ended(0);
        Assert.Contains($"Usage\n  lowrank {command} ", result.Out);
        Assert.Contains($"Examples\n  lowrank {command}", result.Out);
        Assert.DoesNotContain('\e', result.Out);
    }

    [Fact]
    public void VersionIsOneLine() => Assert.Matches(@"^lowrank \d+\.\d+\.\d+\r?\n$", Cli.Run("--version").Ended(0).Out);

    [Theory]
    [InlineData("trian", "Did you mean train?")]
    [InlineData("doctor --jsn", "Did you mean --json?")]
    [InlineData("completion tcsh", "bash")]
    [InlineData("generate cat --sampler EULERX", "--sampler: there is no sampler \"EULERX\" (nearest: euler")]
    [InlineData("convert a b --to Kohy", "--to: there is no dialect \"Kohy\" (nearest: kohya")]
    public void AWrongCommandLineEndsWith2AndAHintOnStderr(string line, string hint)
    {
        var result = Cli.Run(line.Split(' ')).Ended(2);
        Assert.Contains(hint, result.Error);
        Assert.Contains("--help", result.Error);
        Assert.Empty(result.Out);
    }

    [Theory]
    [InlineData("generate cat --sampler DPM++_2M --schedule Karras --device CPU --model nowhere")]
    [InlineData("convert nowhere b.safetensors --to Ai_Toolkit")]
    [InlineData("merge --adapter nowhere -o b.safetensors --method CAT")]
    public void NamesAreKnownHoweverTheyAreWritten(string line) => Assert.Contains("nowhere", Cli.Run(line.Split(' ')).Ended(1).Error);

    [Theory]
    [InlineData("--version", false)]
    [InlineData("train --help", false)]
    [InlineData("generate --help", false)]
    [InlineData("completion bash", false)]
    [InlineData("inspect models/emoji-sd", false)]
    [InlineData("doctor --json", true)]
    public void LibtorchIsLoadedByCallsThatNeedTensorsAlone(string line, bool needed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the loader of Linux can be asked what it loads");
        using var folder = new TemporaryFolder();
        using var process = Cli.Start(GoldenFolder.Repository, line.Split(' '), [("LD_DEBUG", "files"), ("LD_DEBUG_OUTPUT", folder["loaded"])]);
        process.WaitForExit();
        var loaded = Directory.GetFiles(folder.Path, "loaded*").SelectMany(File.ReadLines);
        Assert.Equal(needed, loaded.Any(entry => entry.Contains("libtorch_cpu.so", StringComparison.Ordinal)));
    }

    [Fact]
    public void NamesThatOtherProgramsHaveForAnOptionAreTakenAndNotListed()
    {
        var help = Cli.Run("train", "--help").Ended(0).Out;
        Assert.Contains("--rank VALUE", help);
        Assert.DoesNotContain("--network-dim", help);
        Assert.DoesNotContain("no option", Cli.Run("train", "--network-dim", "4", "--pictures", "no/such/folder").Ended(1).Error);
    }
}
