namespace Lowrank.Diffusion.Tests;

public sealed class PromptBracketsTests
{
    [Theory]
    [InlineData("a (red) [cat]"), InlineData(@"a \( smile \]"), InlineData("([a])"), InlineData("")]
    public void ClosedAndEscapedBracketsAreNotTold(string prompt) => Assert.Empty(PromptBrackets.Remarks(prompt));

    [Theory]
    [InlineData("((cat [dog:", "'(' is 2 times not closed: what it begins goes on to the prompt's end|'[' is not closed: what it begins goes on to the prompt's end")]
    [InlineData("cat) (dog", "'(' is not closed: what it begins goes on to the prompt's end|')' is not opened before, and is read as a sign")]
    [InlineData("cat]]", "']' is 2 times not opened before, and is read as a sign")]
    public void OthersAreToldByKind(string prompt, string told) => Assert.Equal(told, string.Join('|', PromptBrackets.Remarks(prompt)));

    [Theory]
    [InlineData("a (red) [cat:"), InlineData(@"a \( smile"), InlineData(@"\\) a"), InlineData("")]
    public void ClosedEscapedAndSquareBracketsAreNotToldInComfy(string prompt) => Assert.Empty(PromptBrackets.RemarksInComfy(prompt));

    [Theory]
    [InlineData("((cat", "'(' is 2 times not closed"), InlineData("cat)", "')' is not opened before"), InlineData(@"\a(", "'(' is not closed")]
    public void OthersAreToldInComfy(string prompt, string told) =>
        Assert.StartsWith(told, Assert.Single(PromptBrackets.RemarksInComfy(prompt)), StringComparison.Ordinal);
}
