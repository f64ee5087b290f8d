namespace Lowrank.Diffusion.Tests;

/// <summary>Strengths that change on the way.</summary>
public class StrengthScheduleTests
{
    [Theory]
    [InlineData("1,0@3", "1 1 0 0 0")]           // steps are counted from 1
    [InlineData("1,0.5@0.4", "1 1 0.5 0.5 0.5")] // a share of five steps
    [InlineData("0,1@2,0.25@0.8", "0 1 1 1 0.25")]
    [InlineData("0.5,2@4,1@2", "0.5 1 1 2 2")]   // in any order
    [InlineData("1,0@9", "1 1 1 1 1")]
    [InlineData("1,2@0.0", "2 2 2 2 2")]
    public void EachStepHasTheStrengthOfTheLatestPlaceBeforeIt(string text, string strengths)
    {
        var schedule = StrengthSchedule.Read(text)!;
        Assert.Equal(strengths, string.Join(' ', Enumerable.Range(0, 5).Select(step => FormattableString.Invariant($"{schedule.At(step, 5)}"))));
        foreach (int step in Enumerable.Range(1, 4))
            if (schedule.At(step, 5) != schedule.At(step - 1, 5)) Assert.Contains(step, schedule.Turns(5));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1@3")]
    [InlineData("1@1,0@3")]
    [InlineData("1,0")]
    [InlineData("1,0@0")]
    [InlineData("1,0@2.5")]
    [InlineData("1,nan@2")]
    [InlineData("a,0@2")]
    public void AnythingElseIsNone(string text) => Assert.Null(StrengthSchedule.Read(text));

    [Fact]
    public void ATagMayHaveOneForEachPart()
    {
        var tag = Assert.Single(PromptTags.Read("<lora:ink:te=1,0@10:unet=0.8>").Adapters);
        Assert.Equal((1, 0.8, "1,0@10"), (tag.TextStrength, tag.UNetStrength, tag.TextSchedule!.Text));
        Assert.Null(tag.UNetSchedule);
        var both = Assert.Single(PromptTags.Read("<lora:ink:0.5,1@0.5>").Adapters);
        Assert.Equal(both.TextSchedule, both.UNetSchedule);
        Assert.Throws<LowrankException>(() => PromptTags.Read("<lora:ink:1,0>").Adapters);
        // The web UI takes float() of it.
        Assert.Contains("AUTOMATIC1111", Assert.Throws<LowrankException>(() => tag.ForWebUi()).Message, StringComparison.Ordinal);
    }
}
