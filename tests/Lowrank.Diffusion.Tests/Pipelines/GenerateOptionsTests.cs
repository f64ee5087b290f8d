namespace Lowrank.Diffusion.Tests;

public sealed class GenerateOptionsTests
{
    [Theory]
    [InlineData("euler_cfg++", true)]
    [InlineData("dpmpp_2m_cfg_pp", true)]
    [InlineData("DDIM CFG++", true)]
    [InlineData("Euler a Karras", false)]
    [InlineData(null, false)]
    public void SamplersOfTheCfgPpKindAskTheNegativePromptAtAnyScale(string? sampler, bool asks) =>
        Assert.Equal(asks, new GenerateOptions { Sampler = sampler, GuidanceScale = 1 }.Guider.AsksNegative);

    [Fact]
    public void AGuiderThatIsGivenIsLeftAsItIs() =>
        Assert.IsType<PromptAlone>(new GenerateOptions { Sampler = "euler_cfg++", Guider = new PromptAlone() }.Guider);

    [Fact]
    public void AnUnknownSamplerIsToldWithTheNearest() =>
        Assert.Contains("euler_cfg++", Assert.Throws<LowrankException>(() => new GenerateOptions { Sampler = "eulr_cfg++" }.Guider).Message);
}
