using System.Text.Json;

namespace Lowrank.Cli.Tests;

/// <summary><c>lowrank pull</c>, and names of the hub where commands take models and adapters.</summary>
public sealed class PullTests : IDisposable
{
    const string Model = "some-body/emoji-sd", Style = "some-body/style";

    readonly HubServer server = new();
    readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    (string, string)[] Hub => [("HF_ENDPOINT", server.Endpoint), ("HF_HOME", folder["home"]), ("HF_HUB_CACHE", ""), ("HF_TOKEN", ""), ("HF_HUB_OFFLINE", ""), ("HTTP_PROXY", ""), ("http_proxy", ""), ("NO_COLOR", "1")];

    Cli.Result Run(params string[] args) => With([], args);

    Cli.Result With((string, string)[] more, params string[] args)
    {
        using var process = Cli.Start(folder.Path, args, [.. Hub, .. more]);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(4)));
        return new(process.ExitCode, output, error.Result, TimeSpan.Zero);
    }

    void AddStyle()
    {
        MadeFiles.Adapter(folder["ink.safetensors"], MadeFiles.Emoji);
        server.Add(Style, "ink.safetensors", File.ReadAllBytes(folder["ink.safetensors"]));
    }

    [Fact]
    public void AnAdapterIsUsedByItsNameOnceItIsPulled()
    {
        AddStyle();
        string[] verify = ["verify", "ink.safetensors", $"hf:{Style}", "-m", MadeFiles.Emoji];
        string missing = Run(verify).Ended(1).Error;
        Assert.Contains($"Fetch it with: lowrank pull hf:{Style}", missing);
        Assert.Empty(server.Requests);

        string place = Run("pull", Style).Ended(0).Out.TrimEnd();
        Assert.Equal(Path.Combine(folder["home"], "hub", "models--some-body--style", "snapshots", server.Commit, "ink.safetensors"), place);
        int asked = server.Requests.Count;
        Assert.Matches("verdict +equal", Run(verify).Ended(0).Out);
        Assert.Contains("kohya", Run("inspect", $"hf:{Style}@main//ink.safetensors").Ended(0).Out);
        Run("merge", "-a", $"hf:{Style}:0.5", "-a", $"hf:{Style}//ink.safetensors:0.5", "-o", "both.safetensors", "-m", MadeFiles.Emoji, "--method", "cat").Ended(0);
        Run("convert", $"hf:{Style}", "peft", "--to", "peft", "-m", MadeFiles.Emoji).Ended(0);
        Assert.Equal(asked, server.Requests.Count);
        Assert.Matches("verdict +equal", Run("verify", "ink.safetensors", "both.safetensors", "-m", MadeFiles.Emoji).Ended(0).Out);

        // A PEFT folder, and the folder's name is the repository's.
        server.AddFolder("some-body/peft-ink", folder["peft"]);
        Run("pull", "hf:some-body/peft-ink").Ended(0);
        Assert.Matches("verdict +equal", Run("verify", "ink.safetensors", "hf:some-body/peft-ink", "-m", MadeFiles.Emoji).Ended(0).Out);
    }

    [Fact]
    public void AModelIsDrawnWithByItsName()
    {
        server.AddFolder(Model, MadeFiles.Emoji).Add(Model, "emoji.ckpt", "not needed").Add(Model, "unet/model.onnx", "nor this");
        AddStyle();
        string listed = Run("pull", Model, "--dry-run").Ended(0).Out;
        Assert.Contains("unet/diffusion_pytorch_model", listed);
        Assert.DoesNotContain("onnx", listed);
        Assert.DoesNotContain("ckpt", listed);
        Assert.False(Directory.Exists(folder["home"]));
        Run("pull", $"hf:{Model}").Ended(0);
        Run("pull", $"hf:{Style}").Ended(0);
        string[] draw = ["generate", "cat face", "--model", $"hf:{Model}", "--adapter", $"hf:{Style}:0.8", "--steps", "1", "--seed", "1", "-o", "hub.png"];
        With([("HF_HUB_OFFLINE", "1")], draw).Ended(0);
        Run("generate", "cat face", "--model", MadeFiles.Emoji, "--adapter", "ink.safetensors:0.8", "--steps", "1", "--seed", "1", "-o", "own.png").Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["own.png"]).Length, File.ReadAllBytes(folder["hub.png"]).Length);
        Run("generate", "cat face", "--axis", $"adapter: hf:{Style}:0.5, none", "--model", $"hf:{Model}", "--steps", "1", "-o", "grid.png").Ended(0);
        string missing = Run("train", "--model", "hf:no/where", "--pictures", ".", "--output", "out").Ended(1).Error;
        Assert.Contains("lowrank pull hf:no/where", missing);
    }

    [Fact]
    public void ADownloadThatIsCutThreeTimesIsWholeAndOneThatBringsNothingEndsWith1()
    {
        AddStyle();
        server.Cut("ink.safetensors", 1000, 3);
        string place = Run("pull", Style).Ended(0).Out.TrimEnd();
        Assert.Equal(File.ReadAllBytes(folder["ink.safetensors"]), File.ReadAllBytes(place));
        server.Add(Style, "other.safetensors", new byte[5000]);
        server.Cut("other.safetensors", 0, 100);
        string error = Run("pull", $"hf:{Style}//other.safetensors").Ended(1).Error;
        Assert.Contains("5 times in a row", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public void ALanguageModelAndItsAdapterWriteByTheirNamesThoughTheirDownloadsAreCut()
    {
        string cases = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "language");
        server.AddFolder("some-body/chat", Path.Combine(cases, "bases", "chat")).AddFolder("some-body/lyon", Path.Combine(cases, "adapters", "lyon"));
        server.Cut("model.safetensors", 1000, 3);
        server.Cut("adapter_model.safetensors", 100, 3);
        string[] write = ["write", "What is the capital of France?", "--chat", "-m", "hf:some-body/chat"];
        Assert.Contains("Fetch it with: lowrank pull hf:some-body/chat", Run(write).Ended(1).Error);
        Run("pull", "some-body/chat").Ended(0);
        Run("pull", "some-body/lyon").Ended(0);
        Assert.StartsWith("It is Paris.", Run(write).Ended(0).Out);
        Assert.StartsWith("It is Lyon", With([("HF_HUB_OFFLINE", "1")], [.. write, "-a", "hf:some-body/lyon"]).Ended(0).Out);
    }

    [Theory]
    [InlineData(1, "There is no no/body on 127.0.0.1", "pull", "hf:no/body")]
    [InlineData(2, "owner", "pull", "body")]
    [InlineData(2, "strength", "pull", "hf:some-body/style:0.8")]
    [InlineData(2, "two revisions", "pull", "hf:some-body/style@a", "--revision", "b")]
    [InlineData(2, "hf:owner/name", "generate", "cat", "--adapter", "hf:body")]
    [InlineData(1, "lowrank pull hf:no/body", "generate", "cat", "--model", "hf:no/body")]
    [InlineData(1, "lowrank pull hf:no/body//x.safetensors", "generate", "cat", "--adapter", "hf:no/body//x.safetensors:0.5")]
    [InlineData(1, "lowrank pull hf:no/body", "generate", "cat", "--axis", "adapter: hf:no/body:0.5, none")]
    [InlineData(1, "lowrank pull hf:no/body", "generate", "cat", "--vae", "hf:no/body")]
    [InlineData(1, "lowrank pull hf:no/body", "merge", "-m", "hf:no/body", "-a", "x", "-o", "y.safetensors")]
    [InlineData(1, "lowrank pull hf:no/body", "merge", "-m", "x", "--with", "hf:no/body:0.4", "-o", "y.safetensors")]
    [InlineData(1, "lowrank pull hf:no/body", "extract", "-m", "x", "-t", "hf:no/body", "--rank", "4", "-o", "y.safetensors")]
    [InlineData(1, "lowrank pull hf:no/body", "resize", "hf:no/body", "y.safetensors", "--rank", "4")]
    [InlineData(1, "lowrank pull hf:no/body", "convert", "hf:no/body", "y.safetensors")]
    [InlineData(1, "lowrank pull hf:no/body", "inspect", "hf:no/body")]
    public void WhatIsNotThereOrNoNameSaysSo(int code, string said, params string[] args)
    {
        var result = Run(args).Ended(code);
        Assert.Contains(said, result.Error);
        Assert.Empty(result.Out);
        if (args[0] != "pull") Assert.Empty(server.Requests);
    }

    [Fact]
    public void JsonTellsThePlaceAndTheFiles()
    {
        AddStyle();
        var json = JsonDocument.Parse(Run("pull", Style, "--json").Ended(0).Out).RootElement;
        Assert.True(File.Exists(json.GetProperty("place").GetString()));
        Assert.Equal(server.Commit, json.GetProperty("commit").GetString());
        Assert.Equal("ink.safetensors", json.GetProperty("files")[0].GetProperty("path").GetString());
    }

    [Fact]
    public void CtrlCKeepsWhatArrivedAndTheNextCallGoesOn()
    {
        AddStyle();
        byte[] bytes = File.ReadAllBytes(folder["ink.safetensors"]);
        server.Instead = request => request.Target.StartsWith("/cdn/", StringComparison.Ordinal) ? new(200, bytes) { CutAt = 5000, Stall = TimeSpan.FromSeconds(20) } : null;
        using var process = Cli.Start(folder.Path, ["pull", Style], Hub);
        string Blobs() => Path.Combine(folder["home"], "hub", "models--some-body--style", "blobs");
        bool hasBegun = SpinWait.SpinUntil(() => Directory.Exists(Blobs()) && Directory.EnumerateFiles(Blobs()).Any(path => new FileInfo(path).Length == 5000), TimeSpan.FromMinutes(1));
        Assert.True(hasBegun);
        Cli.Interrupt(process);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(15)));
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("goes on from there", process.StandardError.ReadToEnd());
        server.Instead = null;
        Run("pull", Style).Ended(0);
        Assert.Equal("bytes=5000-", server.Requests[^1]["Range"]);
    }
}
