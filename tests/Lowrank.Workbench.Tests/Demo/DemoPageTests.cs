using System.Globalization;
using System.Xml.Linq;

namespace Lowrank.Workbench.Tests;

public class DemoPageTests
{
    static readonly DemoReport report = new(
        Files: ["ink.safetensors", "grid.png", "report.html"],
        Grid: [1, 2, 3],
        GridCaption: "rows <prompts>",
        Losses: [.. Enumerable.Range(0, 200).Select(i => 0.2 + 0.1 * Math.Cos(i))],
        ColourfulnessBase: 60,
        ColourfulnessAdapter: 6,
        Settings: [("rank", "8"), ("a & b", "\"<c>\"")],
        Times: [("training", TimeSpan.FromSeconds(61.25))],
        Commands: [("lowrank inspect out/demo/ink.safetensors", "look inside")]);

    [Fact]
    public void ThePageLoadsNothingFromOutside()
    {
        var html = DemoPage.Html(report);
        Assert.DoesNotContain("http", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("url(", html);
        Assert.Contains("src=\"data:image/png;base64,AQID\"", html);
    }

    [Fact]
    public void ItShowsTheFigureSettingsTimesAndCommandsWithEverythingEscaped()
    {
        var html = DemoPage.Html(report);
        Assert.Contains(">90 %</span>", html);
        Assert.Contains("<td>a &amp; b</td><td>&quot;&lt;c&gt;&quot;</td>", html);
        Assert.Contains("<td>training</td><td>61.3 s</td>", html);
        Assert.Contains("<pre>lowrank inspect out/demo/ink.safetensors</pre>", html);
        Assert.Contains("rows &lt;prompts&gt;", html);
        Assert.Contains(DemoPage.Mark, html);
    }

    [Fact]
    public void TheCurveIsWellFormedAndStaysInItsFrame()
    {
        var svg = XElement.Parse(LossCurve.Svg(report.Losses));
        var points = svg.Elements("polyline").SelectMany(line => line.Attribute("points")!.Value.Split(' '))
            .Select(pair => pair.Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal(2 * report.Losses.Count, points.Count);
        Assert.All(points, p => Assert.True(p[0] is >= 0 and <= 720 && p[1] is >= 0 and <= 240));
    }

    [Fact]
    public void TheCurveLeavesOutWhatIsNotANumber()
    {
        var svg = XElement.Parse(LossCurve.Svg([0.1, double.NaN, 0.3, double.PositiveInfinity]));
        Assert.DoesNotContain("NaN", svg.ToString());
        Assert.Empty(LossCurve.Svg([0.1]));
    }

    [Fact]
    public void TheRunningMeanOfAConstantIsTheConstant() =>
        Assert.All(LossCurve.RunningMean([.. Enumerable.Repeat(0.25, 50)]), mean => Assert.Equal(0.25, mean, 12));
}
