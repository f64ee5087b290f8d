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
    public void AWordThatIsNoDeviceIsAnErrorOfUsage(string[] command) => AssertRefused(command, "gpu");

    [Theory]
    [InlineData("train")]
    [InlineData("demo")]
    public void TrainingSaysItAsOtherCommandsDo(string command)
    {
        AssertRefused([command], "gpu");
        AssertRefused([command], "");
    }

    [Fact]
    public void AWordInARecipeIsAFaultOfTheRecipeUnlessAnOptionTakesItsPlace()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["gpu.yaml"], "device: gpu\npictures: no/such/folder\n");
        Assert.Contains("device is \"gpu\"", Cli.Run("train", folder["gpu.yaml"]).Ended(1).Error);
        Assert.DoesNotContain("gpu\"", Cli.Run("train", folder["gpu.yaml"], "--device", "cpu").Ended(1).Error);
    }

    static void AssertRefused(string[] command, string word)
    {
        var result = Cli.Run([.. command, "--device", word]).Ended(2);
        Assert.Contains($"--device: device is \"{word}\", and devices are cpu, cuda", result.Error);
    }

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
