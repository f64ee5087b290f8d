namespace Lowrank.Workbench.Tests;

public class PictureNamesTests
{
    [Fact]
    public void NumbersGoOnFromWhatTheFolderHolds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["00007-123.png"], "");
        File.WriteAllText(folder["notes.txt"], "");
        var names = new PictureNames(folder.Path);
        Assert.Equal(folder["00008-5.png"], names.Next("5"));
        Assert.Equal(folder["00009-grid.png"], names.Next("grid"));
    }

    [Fact]
    public void AFolderThatDoesNotExistBeginsAtOne() => Assert.EndsWith("00001-5.png", new PictureNames("no/such/folder").Next("5"));

    [Fact]
    public void NamesByAPatternThatAreTakenGetANumberBehind()
    {
        using var folder = new TemporaryFolder();
        var facts = new FileNameFacts(1, 1, new byte[3]) { Seed = 7, Prompt = "a fox / night" };
        var names = new PictureNames(folder.Path, ".webp").By(new FileNamePattern("[seed]/[prompt_words]"), facts).Take(3);
        Assert.Equal(["a fox night.webp", "a fox night-1.webp", "a fox night-2.webp"], names.Select(name => Path.GetRelativePath(folder["7"], name)));
    }

    [Fact]
    public void APatternCannotLeaveTheFolderByAPromptsWords()
    {
        var facts = new FileNameFacts(1, 1, new byte[3]) { Seed = 7, Prompt = "/etc/.." };
        string path = new PictureNames("out").By(new FileNamePattern("[prompt]/x"), facts).First();
        Assert.Equal(Path.GetFullPath("out"), Path.GetFullPath(path)[..Path.GetFullPath("out").Length]);
    }

    [Theory]
    [InlineData("../../[seed]")]
    [InlineData("/abs/[seed]")]
    [InlineData("[seed]/../../x")]
    public void APatternThatLeadsOutOfTheFolderIsAFaultOfTheRequest(string pattern) => Assert.Contains(
        "leads out of the output folder",
        Assert.Single(new GeneratingRequest("models/tiny", ["a fox"], [7], "out") { Names = new(pattern) }.Faults()));

    [Theory]
    [InlineData("a fox --f ../../x.png")]
    [InlineData("a fox --f /tmp/x.png")]
    public void TheFileOfALineStaysInTheFolder(string line) => Assert.Contains(
        "leads out of the output folder",
        Assert.Throws<LowrankException>(() => LinedRequest.Over(new("models/tiny", [], [7], "out"), KohyaPromptLine.Read(line))).Message);
}
