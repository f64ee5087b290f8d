using System.Text.RegularExpressions;

namespace Lowrank.House.Tests;

/// <summary>Scripts of Windows end their lines as Windows does: without, cmd.exe misses labels. Git checks out bytes as they are.</summary>
public class LineEndTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts =>
        new[] { "", "build" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(GoldenFolder.Repository, folder), "*.cmd"))
            .Select(file => new TheoryDataRow<string>(Path.GetRelativePath(GoldenFolder.Repository, file)));

    [Theory, MemberData(nameof(Scripts))]
    public void EveryLineOfACommandFileEndsWithCarriageReturnAndLineFeed(string script)
    {
        string text = File.ReadAllText(Path.Combine(GoldenFolder.Repository, script));
        Assert.DoesNotMatch(new Regex(@"(?<!\r)\n|\r(?!\n)"), text);
        Assert.EndsWith("\r\n", text);
    }
}
