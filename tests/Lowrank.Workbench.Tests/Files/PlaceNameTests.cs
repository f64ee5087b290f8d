namespace Lowrank.Workbench.Tests;

public class PlaceNameTests
{
    [Fact]
    public void FilesLoseTheirEndingAndFoldersKeepTheirName()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run-0.1"]);
        Directory.CreateDirectory(folder["odd.safetensors"]);
        File.WriteAllText(folder["words.txt"], "");
        Assert.Equal("run-0.1", PlaceName.Of(folder["run-0.1"]));
        Assert.Equal("run-0.1", PlaceName.Of(folder["run-0.1"] + "/"));
        Assert.Equal("odd.safetensors", PlaceName.Of(folder["odd.safetensors"]));
        Assert.Equal("words", PlaceName.Of(folder["words.txt"]));
        Assert.Equal(("new-0.2", "new-0"), (PlaceName.Of("new-0.2"), PlaceName.Of("new-0.safetensors")));
        Assert.Equal(("steps-0.1", "a"), (PlaceName.Of("hf:o/n//steps-0.1"), PlaceName.Of("hf:o/n//b/a.gguf")));
    }
}
