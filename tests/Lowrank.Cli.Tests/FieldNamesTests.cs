using System.CommandLine;

namespace Lowrank.Cli.Tests;

public sealed class FieldNamesTests
{
    [Theory]
    [InlineData("`mask blur` is -1; it must be 0 or more.", "--mask-blur is -1; it must be 0 or more.")]
    [InlineData("`invert mask` would keep what `outpaint` adds.", "--invert-mask would keep what --outpaint adds.")]
    [InlineData("`lowrank doctor` shows what is free.", "`lowrank doctor` shows what is free.")]
    [InlineData("a `Fox` and a `9`", "a `Fox` and a `9`")]
    [InlineData("the `prompt` \"Say `it`: \" has no {input}", "the --prompt \"Say `it`: \" has no {input}")]
    [InlineData("12\" wide: `mask blur` of \"x\" is -1", "12\" wide: --mask-blur of \"x\" is -1")]
    [InlineData("nothing of the kind", "nothing of the kind")]
    public void AJobsFieldsAreShownAsOptions(string said, string shown) => Assert.Equal(shown, FieldNames.AsOptions(said));

    [Fact]
    public void AnOptionsFieldIsItsWords() => Assert.Equal("mask blur", FieldNames.Of(new Option<int>("--mask-blur")));
}
