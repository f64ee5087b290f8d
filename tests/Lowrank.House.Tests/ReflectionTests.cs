namespace Lowrank.House.Tests;

/// <summary>What a program that is compiled ahead of time, or of one file, uses of the libraries needs no reflection: there JsonSerializer has none.</summary>
public class ReflectionTests
{
    // Programs of our own, which have it.
    static readonly string[] withReflection = ["Lowrank.Workbench", "Lowrank.Cli"];

    [Fact]
    public void LibrariesReadAndWriteJsonWithoutReflection()
    {
        string src = Path.Combine(GoldenFolder.Repository, "src");
        var files = Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
            .Where(file => !withReflection.Contains(Path.GetRelativePath(src, file).Split(Path.DirectorySeparatorChar)[0])).ToList();
        Assert.Contains(files, file => File.ReadAllText(file).Contains("PlainJson.Element(", StringComparison.Ordinal));
        Assert.Empty(files.Where(file => File.ReadAllText(file).Contains("JsonSerializer.", StringComparison.Ordinal)).Select(file => $"{file}: PlainJson writes it"));
    }
}
