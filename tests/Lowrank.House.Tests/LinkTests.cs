using System.Text.RegularExpressions;

namespace Lowrank.House.Tests;

/// <summary>What a page points to is there: files, and headings inside pages.</summary>
public class LinkTests
{
    // A link's or picture's place: [text](path#heading). What begins with a scheme is not ours.
    static readonly Regex link = new(@"\]\((?<path>[^)#\s:]*)(#(?<heading>[^)\s]*))?\)");

    static readonly Regex heading = new(@"^#+ +(?<title>.*?) *$", RegexOptions.Multiline);

    static IEnumerable<string> Pages =>
    [
        Path.Combine(GoldenFolder.Repository, "README.md"),
        .. Directory.EnumerateFiles(Path.Combine(GoldenFolder.Repository, "docs"), "*.md"),
    ];

    [Fact]
    public void EveryLinkOfAPageLeadsSomewhere()
    {
        var links = Pages.SelectMany(page => link.Matches(File.ReadAllText(page)).Select(match => (Page: page, Match: match))).ToList();
        Assert.NotEmpty(links);
        var broken = links.Where(one => !Leads(one.Page, one.Match))
            .Select(one => $"{Path.GetFileName(one.Page)}: {one.Match.Value}").ToList();
        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    static bool Leads(string page, Match match)
    {
        string path = match.Groups["path"].Value;
        string file = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        if (!File.Exists(file) && !Directory.Exists(file)) return false;
        return !match.Groups["heading"].Success || Anchors(file).Contains(match.Groups["heading"].Value);
    }

    // As GitHub makes them: small letters, blanks as hyphens, no other marks.
    static IEnumerable<string> Anchors(string file) => heading.Matches(File.ReadAllText(file))
        .Select(match => Regex.Replace(match.Groups["title"].Value.ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));
}
