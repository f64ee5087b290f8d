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
