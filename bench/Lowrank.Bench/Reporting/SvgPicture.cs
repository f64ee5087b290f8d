using System.Globalization;
using System.Text;

namespace Lowrank.Bench;

/// <summary>A picture in SVG, on white, so that it can be read on a dark page too.</summary>
sealed class SvgPicture
{
    readonly StringBuilder elements = new();

    public SvgPicture(int width, int height, string ink)
    {
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" """);
        Add($"""font-family="sans-serif" font-size="12" fill="{ink}">""");
        Add($"""<rect width="{width}" height="{height}" fill="white"/>""");
    }

    /// <summary>A straight line.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, string style) =>
        Add($"""<line x1="{fromX:0.0}" y1="{fromY:0.0}" x2="{toX:0.0}" y2="{toY:0.0}" {style}/>""");

    /// <summary>A line through points.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string style)
    {
        string all = string.Join(' ', points.Select(p => FormattableString.Invariant($"{p.X:0.0},{p.Y:0.0}")));
        Add($"""<polyline points="{all}" fill="none" {style}/>""");
    }

    public void Dot(double x, double y, string fill) => Add($"""<circle cx="{x:0.0}" cy="{y:0.0}" r="4" fill="{fill}"/>""");

    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">Any text.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="size">In pixels.</param>
    public void Text(double x, double y, string text, string anchor = "start", int size = 12) =>
        Add($"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}" font-size="{size}">{Escape(text)}</text>""");

    public override string ToString() => elements + "</svg>\n";

    void Add(FormattableString element) => elements.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
