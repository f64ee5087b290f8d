namespace Lowrank.Diffusion.Tests;

public sealed class InsideFolderTests
{
    [Theory]
    [InlineData("x.png")]
    [InlineData("a/b/x.png")]
    [InlineData("a/../x.png")]
    [InlineData("..x.png")]
    [InlineData("")]
    public void NamesWithinAreTaken(string name) => Assert.Equal(Path.Join("out", name), InsideFolder.PathOf("out", name));

    [Theory]
    [InlineData("../x.png")]
    [InlineData("../out2/x.png")]
    [InlineData("a/../../x.png")]
    [InlineData("/x.png")]
    public void NamesThatLeadOutAreRefused(string name) => Assert.Contains(
        $"\"{name}\" leads out of the output folder {Path.GetFullPath("out")}",
        Assert.Throws<LowrankException>(() => InsideFolder.PathOf("out", name)).Message);

    [Fact]
    public void TheWorkingFolderIsMeantWhereNoneIsNamed()
    {
        Assert.Null(InsideFolder.Fault("", "x.png"));
        Assert.NotNull(InsideFolder.Fault("", "../x.png"));
        Assert.Contains("NUL", InsideFolder.Fault("out", "a\0b"));
    }
}
