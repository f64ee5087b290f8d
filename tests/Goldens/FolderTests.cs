using Lowrank.Testing;

namespace Goldens;

/// <summary>Runs whatever the folder holds, so that the table of groups is written even where no test covers any of them.</summary>
public class FolderTests
{
    [Fact]
    public void TheGoldenFolderHoldsGroupsOfCases()
    {
        Assert.NotEmpty(GoldenFolder.Groups);
        Assert.All(GoldenFolder.Groups, group => Assert.NotNull(GoldenGroup.Open(group)));
    }
}
