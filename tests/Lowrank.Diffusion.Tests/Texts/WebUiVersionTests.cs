namespace Lowrank.Diffusion.Tests;

public sealed class WebUiVersionTests
{
    [Theory]
    [InlineData("v1.5.2", "1.6.0")]
    [InlineData("v1.5.1-12-gabcdef0", "1.6.0")]
    [InlineData("v1.7.0-224-gabcdef01", "1.7.0-225")]
    [InlineData("v1.7.0", "1.7.0-1")]
    [InlineData("v1.8.0-RC", "1.8.0")]
    [InlineData("1.8.0rc1", "1.8.0rc2")]
    [InlineData("1.8.0.dev3", "1.8.0a1")]
    [InlineData("1.9", "1.10")]
    [InlineData("9.9", "1!0.1")]
    public void VersionsComeOneAfterTheOther(string earlier, string later)
    {
        Assert.True(WebUiVersion.Read(earlier)!.IsBefore(later));
        Assert.False(WebUiVersion.Read(later)!.IsBefore(earlier));
        Assert.True(WebUiVersion.Read(later)!.IsAfter(earlier));
    }

    [Fact]
    public void ZerosAtTheEndMakeNoDifference() => Assert.False(WebUiVersion.Read("v1.10")!.IsBefore("1.10.0") || WebUiVersion.Read("v1.10")!.IsAfter("1.10.0"));

    [Theory]
    [InlineData(null)]
    [InlineData("f0.0.17")]
    [InlineData("lowrank 0.1")]
    [InlineData("")]
    public void OtherTextsAreNone(string? text) => Assert.Null(WebUiVersion.Read(text));
}
