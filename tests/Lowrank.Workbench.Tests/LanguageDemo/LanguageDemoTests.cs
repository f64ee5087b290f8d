using Lowrank.Language;

namespace Lowrank.Workbench.Tests;

public class LanguageDemoTests
{
    static readonly DataToText row = new(1, "name[The Mill], food[Thai]", ["The Mill has Thai food."]);

    static readonly string[] others = ["Aromi serves English food.", "Aromi serves food.", "It serves.", "Serves it.", "Aromi serves."];

    static readonly SupportedWords words = new([row, new(2, "name[Aromi], food[English]", others)]);

    [Fact]
    public void AWordIsSupportedByFactsTextsOrTheUsualWayOfWriting()
    {
        var pieces = words.Marked("The Mill serves award-winning English food.", row);
        Assert.Equal("The Mill serves award-winning English food.", string.Concat(pieces.Select(piece => piece.Text)));
        Assert.Equal(["award", "winning", "English"], pieces.Where(piece => piece.IsInvented).Select(piece => piece.Text));
        Assert.False(words.Invents("The Mill serves Thai food.", row));
    }

    [Fact]
    public void ThePageEscapesMarksAndLoadsNothingFromOutside()
    {
        var text = new DemoText("name[<b>]", "a & b", [("So ", false), ("invented", true)], [("so", false)]);
        var report = new LanguageDemoReport(
            [], [text], [("BLEU", 0.1, 0.6)], 60, [2, 1], [("a", "<c>")], [("p", TimeSpan.FromSeconds(61))], [("lowrank", "look")])
        {
            Inventing = (50, 3),
        };
        string html = LanguageDemoPage.Html(report);
        Assert.Contains("<td>name[&lt;b&gt;]</td><td>a &amp; b</td><td>So <mark>invented</mark></td><td>so</td>", html);
        Assert.Contains("<td>BLEU</td><td>0.100</td><td>0.600</td>", html);
        Assert.Contains("<td>50</td><td>3</td>", html);
        Assert.DoesNotContain("http", html);
        Assert.Contains(LanguageDemoPage.Mark, html);
        Assert.Contains(LanguageDemoPage.Mark, LanguageDemoPage.Begun);
    }

    [Fact]
    public void AMissingModelIsToldWithNameSizeHashAndCommand()
    {
        foreach (string part in new[] { LanguageDemoModel.FileName, "98,362,432 bytes", LanguageDemoModel.Sha256, "lowrank pull hf:" })
            Assert.Contains(part, LanguageDemoModel.Missing);
    }
}
