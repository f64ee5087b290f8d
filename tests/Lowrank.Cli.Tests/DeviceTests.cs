namespace Lowrank.Cli.Tests;

/// <summary>Every command that computes takes --device.</summary>
public class DeviceTests
{
    public static IEnumerable<TheoryDataRow<string[]>> Computing =>
    [
        new(["generate", "cat", "--model", MadeFiles.Emoji]),
        new(["demo", "--output", "no/such/folder"]),
        new(["merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "out"]),
        new(["extract", "-m", MadeFiles.Emoji, "-t", MadeFiles.Emoji, "--rank", "2", "-o", "out.safetensors"]),
        new(["resize", "a.safetensors", "out.safetensors", "--rank", "2"]),
        new(["verify", "a.safetensors", "b.safetensors"]),
    ];

    [Theory, MemberData(nameof(Computing))]
    public void AWordThatIsNoDeviceIsAnErrorOfUsage(string[] command) =>
        Assert.Contains("cuda", Cli.Run([.. command, "--device", "gpu"]).Ended(2).Error);

    [Theory, MemberData(nameof(Computing))]
    public void ADeviceThatThisBuildCannotUseIsSaidWithWhatToDoBeforeAnythingIsWritten(string[] command)
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "this machine has a CUDA device");
        using var folder = new TemporaryFolder();
        var result = Cli.RunIn(folder.Path, [.. command, "--device", "cuda:1"]).Ended(1);
        Assert.Contains("cuda:1", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
