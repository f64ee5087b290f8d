using System.Globalization;
using System.Text;

namespace Lowrank.Cli;

/// <summary>Draws losses as an SVG: every step thin, their running mean bold. Colours come from the page (classes axis, raw, mean).</summary>
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
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="axis" x1="{Left}" x2="{Width - Right}" y1="{Y(loss):0.0}" y2="{Y(loss):0.0}"/><text x="{Left - 6}" y="{Y(loss) + 4:0.0}" text-anchor="end">{loss:0.###}</text>""");
            int step = (losses.Count - 1) * tick / 4;
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{X(step):0.0}" y="{Height - 14}" text-anchor="middle">{step + 1}</text>""");
        }
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 1}" text-anchor="middle">step</text>""");
        svg.AppendLine($"""<polyline class="raw" points="{Points(losses, X, Y)}"/>""");
        svg.AppendLine($"""<polyline class="mean" points="{Points(RunningMean(losses), X, Y)}"/>""");
        return svg.Append("</svg>").ToString();
    }

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
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{x(i):0.0},{y(values[i]):0.0}")));

    // The next of 1, 2, 5 times a power of ten.
    static double NiceCeiling(double value)
    {
        if (value <= 0) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 5, 10 }.First(step => step * power >= value) * power;
    }
}
