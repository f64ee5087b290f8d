using Lowrank.Training;

namespace Lowrank.Workbench.Tests;

public class PromptFileTests
{
    [Fact]
    public void EmptyLinesAndRemarksAreLeftOut()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], "# remark\n a cat \n\na dog, # not a remark\n");
        Assert.Equal(["a cat", "a dog, # not a remark"], PromptFile.Read(folder["prompts.txt"]));
    }

    [Fact]
    public void CommentsAreCountedAndAnEscapedOneIsDrawn()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], "# remark\n\\#1 fan\n#2\n");
        var read = PromptLines.Read(folder["prompts.txt"]);
        Assert.Equal(["#1 fan"], read.Prompts);
        Assert.Equal([2], read.Lines);
        Assert.Contains("begin with # and are comments, not drawn: 1, 3", read.Told("prompts.txt"));
        File.WriteAllText(folder["prompts.txt"], "# remark\n");
        Assert.Contains("are comments, here 1", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["prompts.txt"])).Message);
    }

    [Fact]
    public void AMissingOrEmptyFileIsAnErrorThatNamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["empty.txt"], "\n");
        Assert.Contains("empty.txt", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["empty.txt"])).Message);
        Assert.Contains("none.txt", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["none.txt"])).Message);
    }

    [Fact]
    public void FaultsOfOptionsTellFileAndLine()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], "# remark\n\na cat --w 64\na dog --q 3\na hen --s 0\na cow --ss nope --s 4 --s 5\na pig --t 0.5\n");
        var read = LinedRequest.Read("prompts.txt", PromptLines.Read(folder["prompts.txt"]));
        string said = Assert.Throws<LowrankException>(() => LinedRequest.Over(new("models/tiny", [], [7], "out"), read)).Message;
        string[] lines = said.Split('\n');
        Assert.StartsWith("  prompts.txt, line 4: --q 3 is not used", lines[1]);
        Assert.StartsWith("  prompts.txt, line 5: --s 0 is not used", lines[2]);
        Assert.StartsWith("  prompts.txt, line 6: --s 5 is not used: --s is given before it", lines[3]);
        Assert.StartsWith("  prompts.txt, line 6: there is no sampler \"nope\"", lines[4]);
        Assert.StartsWith("  prompts.txt, line 7: \"a pig\" has a strength", lines[5]);
        Assert.Equal(6, lines.Length);
    }

    [Theory, InlineData("toml"), InlineData("json"), InlineData("YAML")]
    public void AFileOfFieldsIsRefusedWithWhatIsRead(string ending)
    {
        using var folder = new TemporaryFolder();
        string path = folder[$"prompts.{ending}"];
        File.WriteAllText(path, "[{\"prompt\": \"a cat\"}]");
        string fault = Assert.Throws<LowrankException>(() => PromptFile.Read(path)).Message;
        Assert.Contains("Write them into a .txt file, one a line", fault);
        var field = Recipes.Chapters.SelectMany(chapter => chapter.Fields).Single(field => field.Name == "sample_prompts");
        Assert.Equal(fault, Assert.Throws<LowrankException>(() => field.With(Recipes.Empty(), path)).Message);
    }
}
