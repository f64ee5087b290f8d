namespace Lowrank.Diffusion.Tests;

/// <summary>What pictures say of their sampler is a sampler's name.</summary>
public class SamplerLabelTests
{
    [Theory]
    [InlineData("DPM++ 2M Karras", "DPM++ 2M", "Karras")]
    [InlineData("DPM++ 2M SDE karras", "DPM++ 2M SDE", "Karras")]
    [InlineData("DPM++ 2M", "DPM++ 2M", null)]
    [InlineData("Euler a", "Euler a", null)]
    [InlineData("dpm++2m", "dpm++2m", null)]
    [InlineData("Euler SGM Uniform", "Euler", "SGM Uniform")]
    [InlineData("Euler a Align Your Steps", "Euler a", "Align Your Steps")]
    [InlineData("dpmpp_2m karras", "dpmpp_2m", "Karras")]
    [InlineData("DDIM DDIM", "DDIM", "DDIM")]
    public void ALabelIsReadWithTheScheduleInIt(string text, string sampler, string? schedule) =>
        Assert.Equal(new SamplerLabel(sampler, schedule), SamplerLabel.Read(text));

    [Fact]
    public void EveryLabelThatIsWrittenIntoPicturesIsUnderstood() => Assert.All(Samplers.All, sampler =>
    {
        Assert.Same(sampler, Samplers.Named(SamplerLabel.Read(sampler.Label).Sampler));
        Assert.All(Schedules.All, schedule => Assert.Same(schedule, Schedules.Named(schedule.Label)));
    });

    [Fact]
    public void AnotherNameIsToldWithTheNearest() =>
        Assert.Contains("nearest", Assert.Throws<LowrankException>(() => SamplerLabel.Read("DPM++ 9M Karras")).Message);
}
