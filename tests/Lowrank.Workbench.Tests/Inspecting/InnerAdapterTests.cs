namespace Lowrank.Workbench.Tests;

/// <summary>Folders that hold adapters and are none themselves.</summary>
public sealed class InnerAdapterTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static IReadOnlyList<InspectReport> Inspect(InspectingRequest request) => new InspectingJob().Run(request, null, TestContext.Current.CancellationToken);

    static string[] NamesOf(IEnumerable<InspectReport> reports) => [.. reports.Select(report => Path.GetFileName(report.Path))];

    [Theory]
    [InlineData("several-adapters/set", "lyon", "nice")]
    [InlineData("checkpoint-folder/run", "checkpoint-4", "checkpoint-8")]
    public void EachOfPeftsInnerFoldersIsTold(string place, string one, string other)
    {
        var reports = Inspect(new(WritingCases.Of(place)));
        Assert.Equal([one, other], NamesOf(reports));
        foreach (var report in reports)
        {
            Assert.Equal("adapter", report.Kind);
            Assert.Equal(28, report.File!.Tensors);
            Assert.Equal(14, report.Adapter!.Ranks["8"]);
            Assert.Equal("llama-like", report.Adapter.MadeFor);
            Assert.Null(report.Adapter.Norm);
        }
        Assert.All(Inspect(new(WritingCases.Of(place)) { Norms = true }), report => Assert.True(report.Adapter!.Norm > 0));
    }

    [Fact]
    public void AFolderOfOneIsThatOne()
    {
        Copy("adapters/lyon", "lyon");
        File.WriteAllText(folder["trainer_state.json"], "{}");
        var report = Assert.Single(Inspect(new(folder.Path)));
        Assert.Equal("lyon", Path.GetFileName(report.Path));
        Assert.True(report.Adapter!.Norm > 0);
        Assert.NotNull(report.File!.Hashes);
        Assert.Equal(["layer 0", "layer 1"], report.Adapter.Blocks.Select(block => block.Name));
    }

    void Copy(string place, string name)
    {
        Directory.CreateDirectory(folder[name]);
        foreach (string file in Directory.EnumerateFiles(WritingCases.Of(place))) File.Copy(file, Path.Combine(folder[name], Path.GetFileName(file)));
    }

    [Fact]
    public void FilesAndFoldersStandSideBySideAndABrokenOneDoesNotHideTheOthers()
    {
        Copy("adapters/lyon", "lyon");
        File.Copy(CaseFiles.Of("flux_kohya.a.safetensors"), folder["flux.safetensors"]);
        File.WriteAllBytes(folder["broken.safetensors"], [1, 2, 3]);
        File.WriteAllText(folder["notes.txt"], "none");
        var reports = Inspect(new(folder.Path));
        Assert.Equal(["broken.safetensors", "flux.safetensors", "lyon"], NamesOf(reports));
        Assert.Equal(["error", "adapter", "adapter"], reports.Select(report => report.Kind));
    }

    [Fact]
    public void PartsOfOneModelAreOneAdapter()
    {
        Copy("adapters/lyon", "unet");
        Copy("adapters/lyon", "text_encoder");
        var report = Assert.Single(Inspect(new(folder.Path)));
        Assert.Equal(folder.Path, report.Path);
        Assert.Equal(56, report.File!.Tensors);
    }

    [Fact]
    public void AFolderOfNoneIsAnErrorAndKeysAreOfOneAlone()
    {
        File.WriteAllText(folder["notes.txt"], "none");
        Assert.Throws<LowrankException>(() => Inspect(new(folder.Path)));
        Assert.Throws<RequestException>(() => Inspect(new(WritingCases.Of("several-adapters/set")) { Keys = true }));
    }
}
