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
