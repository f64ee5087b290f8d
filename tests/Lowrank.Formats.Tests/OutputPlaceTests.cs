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

    [Fact]
    public void NoPartOfAModelInSeveralFilesIsReplacedByWhatIsMadeOfIt()
    {
        using var folder = new TemporaryFolder();
        string Part(int number, string name = "a") => Path.Combine(folder.Path, $"{name}-{number:D5}-of-00003.gguf");
        foreach (int output in new[] { 1, 2, 3 })
            Assert.Contains("an input too", Assert.Throws<LowrankException>(() => OutputPlace.CheckFile(Part(output), true, Part(1))).Message);
        OutputPlace.CheckFile(Part(2, "b"), overwrite: true, Part(1));
    }

    [Theory, InlineData("merged.xyz"), InlineData("a.tar"), InlineData("model.onnx"), InlineData("ink.safetensors")]
    public void AFolderThatIsCalledAsAFileIsAskedAbout(string name)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, name);
        Assert.Contains("ends as a file does, and a folder is to be written", Assert.Throws<LowrankException>(() => OutputPlace.CheckFolder(path)).Message);
        OutputPlace.CheckFolder(path + Path.DirectorySeparatorChar);
        Directory.CreateDirectory(path);
        OutputPlace.CheckFolder(path);
    }

    [Theory, InlineData("models/sd1.5"), InlineData("run.12"), InlineData("v1.2.3"), InlineData("mine"), InlineData("mixed-0.4f")]
    public void AFolderMayHaveAPointInItsName(string name)
    {
        using var folder = new TemporaryFolder();
        OutputPlace.CheckFolder(Path.Combine(folder.Path, name));
    }
}
