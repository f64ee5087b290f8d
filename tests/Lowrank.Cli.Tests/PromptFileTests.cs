using Lowrank.Torch;

namespace Lowrank.Cli.Tests;

public class PromptFileTests
{
    [Fact]
    public void Empty_lines_and_remarks_are_left_out()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], "# remark\n a cat \n\na dog, # not a remark\n");
        Assert.Equal(["a cat", "a dog, # not a remark"], PromptFile.Read(folder["prompts.txt"]));
    }

    [Fact]
    public void A_missing_or_empty_file_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["empty.txt"], "\n");
        Assert.Contains("empty.txt", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["empty.txt"])).Message);
        Assert.Contains("none.txt", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["none.txt"])).Message);
    }
}
