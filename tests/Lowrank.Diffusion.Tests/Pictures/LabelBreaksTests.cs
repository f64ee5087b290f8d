namespace Lowrank.Diffusion.Tests;

/// <summary>Where labels break.</summary>
public class LabelBreaksTests
{
    const char breaks = '\u200B', joins = '\u2060';

    [Fact]
    public void ATagStaysWholeWhereItFits()
    {
        Assert.DoesNotContain(breaks, LabelBreaks.Mark("cat <lora:ink:0.8>", _ => true));
        Assert.Equal($"cat {string.Join(joins, "<lora:ink:0.8>".AsEnumerable())}", LabelBreaks.Mark("cat <lora:ink:0.8>", _ => true));
    }

    [Theory]
    [InlineData("<lora:my_style:0.8>", "<lora:|my_|style:|0.8>")]
    [InlineData("models/loras/ink.safetensors", "models/|loras/|ink.|safetensors")]
    [InlineData("averylongwordofnothing", "averylongwordofnothing")]
    public void WhatIsTooLongBreaksBehindItsSigns(string text, string marked) =>
        Assert.Equal(marked, LabelBreaks.Mark(text, _ => false).Replace(breaks, '|'));

    [Fact]
    public void ALabelTakesNoMoreLinesThanItsTagNeeds()
    {
        int line = Label.Draw("<lora:ink:0.8>", 300).Height;
        Assert.InRange(Label.Draw("a cat <lora:ink:0.8>", Label.WidthOf("<lora:ink:0.8>") + 4).Height, line + 5, 2 * line + 12);
    }

    [Fact]
    public void WhatAPictureDoesNotHaveIsPalerAndStruckThrough()
    {
        static int Darkest(LabelText text) => Label.Draw(text, 300).Pixels.Min();
        Assert.True(Darkest(LabelText.OfLines([new("snow", IsStruck: true)])) > Darkest("snow") + 50);
    }
}
