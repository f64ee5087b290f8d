namespace Lowrank.Diffusion.Tests;

/// <summary>What web UIs would read in a prompt is found; plain words are left alone.</summary>
public class PromptSignsTests
{
    [Theory]
    [InlineData("a (red:1.2) cat", "(red:1.2)")]
    [InlineData("a (red, round : 0.8) cat", "(red, round : 0.8)")]
    [InlineData("a cat <lora:ink:0.8>", "<lora:ink:0.8>")]
    [InlineData("<lyco:ink:1:1> a cat", "<lyco:ink:1:1>")]
    [InlineData("a [cat:dog:0.5]", "[cat:dog:0.5]")]
    [InlineData("a [cat|dog]", "[cat|dog]")]
    [InlineData("a ((red)) cat", "(red)")]
    [InlineData("a [red] cat", "[red]")]
    [InlineData("a cat BREAK a dog", "BREAK")]
    [InlineData("a cat AND a dog", "AND")]
    [InlineData("a cat --n ugly --w 512", "--w 512")]
    [InlineData("a {red|blue} cat", "{red|blue}")]
    [InlineData("a cat, embedding:ink-v2, old", "embedding:ink-v2")]
    [InlineData("a __colour__ cat", "__colour__")]
    [InlineData("a cat, __animals/big__", "__animals/big__")]
    public void ASignIsFound(string prompt, string sign) => Assert.Contains(PromptSigns.In(prompt), found => found.StartsWith(sign + " (", StringComparison.Ordinal));

    [Theory]
    [InlineData("a [cat|dog]", "[cat|dog] (words that change on the way)", null)]
    [InlineData("a [red] cat", "[red] (brackets that weigh)", null)]
    [InlineData("a cat AND a dog", "AND (prompts joined)", null)]
    [InlineData("a cat <lora:ink:1>", "<lora:ink:1> (an adapter, which is given beside the prompt)", null)]
    [InlineData("a cat --w 64", "--w 64 (an option of kohya's sample prompts)", "--w 64 (an option of kohya's sample prompts)")]
    [InlineData("a {red|blue} cat", "{red|blue} (one of several, by chance)", "{red|blue} (one of several, by chance)")]
    [InlineData("embedding:old", null, "embedding:old (an embedding)")]
    [InlineData("a ((red)) cat (by:1.2)", null, null)]
    public void OfOtherProgramsEachTakesSomeForPlainWords(string prompt, string? inComfy, string? inWebUi)
    {
        Assert.Equal(inComfy is null ? [] : [inComfy], PromptSigns.InComfy(prompt));
        Assert.Equal(inWebUi is null ? [] : [inWebUi], PromptSigns.InWebUi(prompt));
    }

    [Theory]
    [InlineData("a cat, ink style")]
    [InlineData(@"a cat \(animal\), 8:30 in the morning")]
    [InlineData("a break and a cat < dog > hen")]
    [InlineData("a well-known cat -- really")]
    [InlineData("a __ cat ____ snake_case_name, __init")]
    [InlineData("")]
    public void PlainWordsHoldNone(string prompt) => Assert.Empty(PromptSigns.In(prompt));
}
