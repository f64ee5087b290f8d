using System.Globalization;
using System.Xml.Linq;

namespace Lowrank.Bench.Tests;

public class ChartTests
{
    static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    [Fact]
    public void EqualRatiosAreEqualWaysOnTheScale()
    {
        var scale = new LogScale(1, 1000, 80, 380);
        Assert.Equal([80, 180, 280, 380], new[] { 1d, 10, 100, 1000 }.Select(scale.At).Select(at => Math.Round(at, 9)));
        var down = new LogScale(1, 100, 300, 100);
        Assert.Equal(200, down.At(10), 9);
    }

    [Theory]
    [InlineData(0.012, 0.3, new[] { 0.02, 0.05, 0.1, 0.2 })]
    [InlineData(0.5, 20000, new double[] { 1, 10, 100, 1000, 10000 })]
    [InlineData(0.18, 0.42, new[] { 0.2, 0.3, 0.4 })]
    [InlineData(1, 10, new double[] { 1, 2, 5, 10 })]
    public void MarksAreRoundAndWithinTheScale(double least, double most, double[] marks) =>
        Assert.Equal(marks, new LogScale(least, most, 0, 1).Marks);

    [Fact]
    public void EveryPointOfACurveIsWithinThePictureAndTheHigherTheLonger()
    {
        var picture = XDocument.Parse(Chart.Draw(Made.Curve)).Root!;
        var points = picture.Elements(svg + "circle").ToList();
        Assert.Equal(Made.Curve.Points.Count, points.Count);
        Assert.All(points, point => Assert.InRange(Number(point, "cx"), 80, 696));
        Assert.All(points, point => Assert.InRange(Number(point, "cy"), 44, 344));
        Assert.Equal(points.OrderBy(point => Number(point, "cx")), points.OrderByDescending(point => Number(point, "cy")));
    }

    [Fact]
    public void TheTheoryBeginsWhereTheMeasureBegins()
    {
        var picture = XDocument.Parse(Chart.Draw(Made.Curve)).Root!;
        var lines = picture.Elements(svg + "polyline").Select(line => line.Attribute("points")!.Value.Split(' ')).ToList();
        Assert.Equal(lines[0][0], lines[1][0]);
        Assert.NotEqual(lines[0][^1], lines[1][^1]);
    }

    [Fact]
    public void TheRestOfTheSmallestStaysAndTheWorkGrows()
    {
        (double, double)[] measured = [(10, 3), (20, 4), (40, 9)];
        Assert.Equal([3, 4, 6], Curve.WithTheory(measured, at => at / 10).Select(point => point.Theory));
        Assert.Equal([3, 6, 12], Curve.WithTheory(measured, at => at / 10, at => at / 10).Select(point => point.Theory));
    }
}
