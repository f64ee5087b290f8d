namespace Lowrank.Workbench.Tests;

public class PictureNamesTests
{
    [Fact]
    public void NumbersGoOnFromWhatTheFolderHolds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["00007-123.png"], "");
        File.WriteAllText(folder["notes.txt"], "");
        var names = new PictureNames(folder.Path);
        Assert.Equal(folder["00008-5.png"], names.Next("5"));
        Assert.Equal(folder["00009-grid.png"], names.Next("grid"));
    }

    [Fact]
    public void AFolderThatDoesNotExistBeginsAtOne() => Assert.EndsWith("00001-5.png", new PictureNames("no/such/folder").Next("5"));
}
