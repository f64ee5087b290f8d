using System.Globalization;
using System.Text;

namespace Lowrank.Bench;

/// <summary>A curve as a picture in SVG: both axes logarithmic, measured points joined by a line, the theory dashed.</summary>
static class Chart
{
    const int Width = 720, Height = 400, Left = 80, Right = 24, Top = 44, Bottom = 56;

    const string Ink = "#24292f", Faint = "#d8dee4", Blue = "#0969da", Grey = "#6e7781";

    public static string Draw(Curve curve)
    {
        var across = LogScale.Around([.. curve.Points.Select(p => p.At)], Left, Width - Right);
        var up = LogScale.Around([.. curve.Points.SelectMany(p => new[] { p.Seconds, p.Theory })], Height - Bottom, Top);
        var svg = new StringBuilder();
        void Add(FormattableString element) => svg.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12" fill="{Ink}">""");
        Add($"""<rect width="{Width}" height="{Height}" fill="white"/>""");
        Add($"""<text x="{Left}" y="20" font-size="14">{Escape(curve.Title)}</text>""");
        foreach (double mark in up.Marks)
        {
            Add($"""<line x1="{Left}" x2="{Width - Right}" y1="{up.At(mark):0.0}" y2="{up.At(mark):0.0}" stroke="{Faint}"/>""");
            Add($"""<text x="{Left - 8}" y="{up.At(mark) + 4:0.0}" text-anchor="end">{Round(mark)}</text>""");
        }
        foreach (var point in curve.Points)
        {
            Add($"""<line x1="{across.At(point.At):0.0}" x2="{across.At(point.At):0.0}" y1="{Top}" y2="{Height - Bottom}" stroke="{Faint}"/>""");
            Add($"""<text x="{across.At(point.At):0.0}" y="{Height - Bottom + 18}" text-anchor="middle">{point.At:#,0}</text>""");
        }
        Add($"""<text x="{(Left + Width - Right) / 2}" y="{Height - 12}" text-anchor="middle">{Escape(curve.Axis)}</text>""");
        string Line(Func<CurvePoint, double> of) => string.Join(' ', curve.Points.Select(p => Place(across.At(p.At), up.At(of(p)))));
        Add($"""<polyline points="{Line(p => p.Theory)}" fill="none" stroke="{Grey}" stroke-width="1.5" stroke-dasharray="6 4"/>""");
        Add($"""<polyline points="{Line(p => p.Seconds)}" fill="none" stroke="{Blue}" stroke-width="2"/>""");
        foreach (var point in curve.Points) Add($"""<circle cx="{across.At(point.At):0.0}" cy="{up.At(point.Seconds):0.0}" r="4" fill="{Blue}"/>""");
        // The curves climb: above, at the left, is room.
        Add($"""<line x1="{Left + 12}" x2="{Left + 44}" y1="{Top + 16}" y2="{Top + 16}" stroke="{Blue}" stroke-width="2"/>""");
        Add($"""<text x="{Left + 52}" y="{Top + 20}">measured</text>""");
        Add($"""<line x1="{Left + 12}" x2="{Left + 44}" y1="{Top + 36}" y2="{Top + 36}" stroke="{Grey}" stroke-width="1.5" stroke-dasharray="6 4"/>""");
        Add($"""<text x="{Left + 52}" y="{Top + 40}">theory: {Escape(curve.Theory)}</text>""");
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    static string Place(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.0},{y:0.0}");

    // Marks are round numbers: without the digits that a measured time has.
    static string Round(double seconds) => seconds switch
    {
        < 0.9995e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.###} µs"),
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.###} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###} s"),
    };

    static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
