using System.Globalization;
using System.Text;

namespace Lowrank.Workbench;

/// <summary>Draws losses as an SVG: every step thin, their running mean bold. Colours come from the page (axis, raw, mean).</summary>
static class LossCurve
{
    const int Width = 720, Height = 240, Left = 52, Right = 12, Top = 12, Bottom = 34;

    /// <summary>An svg element; empty if there are fewer than two steps.</summary>
    public static string Svg(IReadOnlyList<double> losses)
    {
        var finite = losses.Where(double.IsFinite).ToList();
        if (finite.Count < 2) return "";
        double ceiling = NiceCeiling(finite.Max());
        double X(int step) => Left + (double)step / (losses.Count - 1) * (Width - Left - Right);
        double Y(double loss) => Top + (1 - Math.Min(loss, ceiling) / ceiling) * (Height - Top - Bottom);

        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="loss by step">""");
        for (int tick = 0; tick <= 4; tick++)
        {
            double loss = ceiling * tick / 4;
            int step = (losses.Count - 1) * tick / 4;
            var (line, beside) = (Number(Y(loss)), Number(Y(loss) + 4));
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="axis" x1="{Left}" x2="{Width - Right}" y1="{line}" y2="{line}"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 6}" y="{beside}" text-anchor="end">{loss:0.###}</text>""");
            svg.AppendLine(Middle(Number(X(step)), Height - 14, $"{step + 1}"));
        }
        svg.AppendLine(Middle($"{(Left + Width - Right) / 2}", Height - 1, "step"));
        svg.AppendLine($"""<polyline class="raw" points="{Points(losses, X, Y)}"/>""");
        svg.AppendLine($"""<polyline class="mean" points="{Points(RunningMean(losses), X, Y)}"/>""");
        return svg.Append("</svg>").ToString();
    }

    static string Middle(string x, int y, string text) => $"""<text x="{x}" y="{y}" text-anchor="middle">{text}</text>""";

    static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>The mean over a window of a tenth of the run around each step.</summary>
    public static IReadOnlyList<double> RunningMean(IReadOnlyList<double> losses)
    {
        int half = Math.Max(1, losses.Count / 20);
        return [.. Enumerable.Range(0, losses.Count).Select(i =>
        {
            int from = Math.Max(0, i - half), to = Math.Min(losses.Count - 1, i + half);
            return Enumerable.Range(from, to - from + 1).Select(k => losses[k]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        })];
    }

    static string Points(IReadOnlyList<double> values, Func<int, double> x, Func<double, double> y) =>
        string.Join(' ', Enumerable.Range(0, values.Count).Where(i => double.IsFinite(values[i]))
            .Select(i => $"{Number(x(i))},{Number(y(values[i]))}"));

    // The next of 1, 2, 5 times a power of ten.
    static double NiceCeiling(double value)
    {
        if (value <= 0) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 5, 10 }.First(step => step * power >= value) * power;
    }
}
