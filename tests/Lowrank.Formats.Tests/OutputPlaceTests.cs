namespace Lowrank.Formats.Tests;

public class OutputPlaceTests
{
    [Fact]
    public void AnInputIsNotReplacedWhicheverWayItsNameLeads()
    {
        using var folder = new TemporaryFolder();
        string In(params string[] parts) => Path.Combine([folder.Path, .. parts]);
        Directory.CreateDirectory(In("model", "unet"));
        string file = In("model", "unet", "weights.safetensors");
        File.WriteAllText(file, "");
        Directory.CreateSymbolicLink(In("link"), In("model"));
        File.CreateSymbolicLink(In("file.safetensors"), file);
        foreach (string output in new[] { file, In("link", "unet", "weights.safetensors"), In("file.safetensors"), In("model", "..", "link", "unet", "weights.safetensors") })
            foreach (string input in new[] { file, In("model"), In("link") })
                Assert.Contains("input", Assert.Throws<LowrankException>(() => OutputPlace.CheckFile(output, overwrite: true, input)).Message);
        OutputPlace.CheckFile(In("model", "new.safetensors"), overwrite: false, In("model"));
        OutputPlace.CheckFile(In("models.safetensors"), overwrite: true, In("model"));
    }
}
