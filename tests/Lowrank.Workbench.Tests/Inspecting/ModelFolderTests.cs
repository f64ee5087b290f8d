namespace Lowrank.Workbench.Tests;

/// <summary>What is told of language models' folders and files, and of looks that have no answer there.</summary>
public class ModelFolderTests
{
    static InspectReport Inspect(InspectingRequest request) => Assert.Single(new InspectingJob().Run(request, null, TestContext.Current.CancellationToken));

    [Fact]
    public void KeysAndHashesOfAFolderAreToldAndNormsAreNot()
    {
        var report = Inspect(new(WritingCases.Base) { Keys = true, Hashes = true, Norms = true });
        Assert.Contains(report.File!.Keys!, key => key.Name == "model.embed_tokens.weight");
        Assert.Equal(64, report.File.Hashes!.Sha256.Length);
        Assert.StartsWith("`norms` is not used", Assert.Single(report.Model!.Notes));
        Assert.Null(Inspect(new(WritingCases.Base)).File);
    }

    [Fact]
    public void AFolderThatIsNoModelIsToldAsSuchWhateverIsAskedOfIt()
    {
        using var folder = new TemporaryFolder();
        IsTold();
        Directory.CreateDirectory(folder["unet"]);
        File.WriteAllText(Path.Combine(folder["unet"], "config.json"), "{}");
        IsTold();

        void IsTold() => Assert.Equal(Fault(keys: false), Fault(keys: true));
        string Fault(bool keys) => Assert.Throws<LowrankException>(() => Inspect(new(folder.Path) { Keys = keys, Hashes = keys })).Message;
    }

    [Fact]
    public void OfAFolderOfPartsNoKeysAreListed()
    {
        var report = Inspect(new(EmojiModel.Folder) { Keys = true, Hashes = true });
        Assert.Null(report.File);
        Assert.Contains(report.Model!.Notes, note => note.StartsWith("`keys` is not used", StringComparison.Ordinal));
    }

    [Fact]
    public void AFolderOfFewBitsIsAsLargeAsItIsStored()
    {
        string folder = WritingCases.Of("merge-into-4bit/base-nf4");
        var report = Inspect(new(folder));
        using var stored = WeightFiles.Open(folder, "model");
        Assert.Equal(stored.Tensors.Sum(info => info.Bytes), report.Model!.Bytes);
        Assert.Contains("bitsandbytes nf4", report.Model.Components[0].Dtypes.Keys);
        Assert.Equal(report.Model.Parameters, report.Model.Components[0].Dtypes.Values.Sum());
    }

    [Fact]
    public void NumbersOfAGgufFilesMetadataAreNumbers()
    {
        var metadata = Inspect(new(WritingCases.Of("merge-into-4bit/base-q4_0.gguf"))).File!.Metadata;
        Assert.Equal(2u, metadata["llama.block_count"]);
        Assert.Equal("llama", metadata["general.architecture"]);
    }
}
