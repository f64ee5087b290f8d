using Lowrank.Testing;

namespace Lowrank.Diffusion.Tests;

/// <summary>docs/pictures.md leaves nothing out.</summary>
public sealed class PicturesPageTests
{
    static readonly string page = File.ReadAllText(Path.Combine(GoldenFolder.Repository, "docs", "pictures.md"));

    [Fact]
    public void EveryWordOfFileNamesIsThere() => Assert.All(FileNameWords.All, word => Assert.Contains($"`[{word.Name}", page));

    [Fact]
    public void EveryFormatIsThereWithItsEndingsAndItsLargestSide() => Assert.All(PictureFormat.All, format =>
    {
        string side = format.LargestSide == int.MaxValue ? "any" : format.LargestSide.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string row = Assert.Single(page.Split('\n'), line => line.StartsWith($"| {format.Name} |", StringComparison.Ordinal));
        Assert.Contains($"| {string.Join(", ", format.Endings)} |", row);
        Assert.EndsWith($"| {side} |", row.TrimEnd());
    });
}
