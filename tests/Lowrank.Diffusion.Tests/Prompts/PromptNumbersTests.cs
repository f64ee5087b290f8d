namespace Lowrank.Diffusion.Tests;

public sealed class PromptNumbersTests
{
    [Theory]
    [InlineData("(cat:1.2)"), InlineData("(cat:-.5)"), InlineData("(dog: a cat)"), InlineData("a:nan")]
    public void NumbersThatWeighAndWordsAreNotTold(string prompt)
    {
        Assert.Empty(PromptNumbers.InComfy(prompt));
        Assert.Empty(PromptNumbers.InWebUi(prompt));
    }

    [Theory]
    [InlineData("(cat:abc) dog", "\":abc)\" gives no weight there"), InlineData("(cat:1,2)", "\":1,2)\" gives no weight there")]
    [InlineData("(cat:nan) dog", "\":nan)\" gives no weight there"), InlineData("(cat:1e3)", "\":1e3)\" gives no weight there")]
    [InlineData("(cat:99999999999999999999999999999999999999999)", "is no finite number")]
    public void WhatAutomatic1111DoesNotWeighByIsTold(string prompt, string told) =>
        Assert.Contains(told, Assert.Single(PromptNumbers.InWebUi(prompt)), StringComparison.Ordinal);

    [Theory]
    [InlineData("(cat:nan)", ":nan)"), InlineData("((a) b:1e99)", ":1e99)"), InlineData("(a:-inf)", ":-inf)"), InlineData("(cat:abc)", "\":abc)\" gives no weight there")]
    public void WhatComfyCannotWeighByIsTold(string prompt, string named) =>
        Assert.Contains(named, Assert.Single(PromptNumbers.InComfy(prompt)), StringComparison.Ordinal);

    [Fact]
    public void AWeightThatComfyReadsInExponentsIsNotTold() => Assert.Empty(PromptNumbers.InComfy("(cat:1e-1)"));

    [Theory]
    [InlineData("cat <lora:ink (cat:nan)", "<lora:ink"), InlineData("<lora:a:1> <lyco:b:0.5", "<lyco:b:0.5"), InlineData("<lora:a:1> b", null)]
    public void TagsThatAreNotClosedAreTold(string prompt, string? named)
    {
        var told = PromptTags.Open(prompt);
        if (named is null) Assert.Empty(told);
        else Assert.StartsWith($"\"{named}\" is not closed", Assert.Single(told), StringComparison.Ordinal);
    }
}
