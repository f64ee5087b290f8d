using System.Globalization;

namespace Lowrank.Bench;

/// <summary>A curve as a picture: both axes logarithmic, measured points joined by a line, the theory dashed.</summary>
static class Chart
{
    const int Width = 720, Height = 400, Left = 80, Right = 24, Top = 44, Bottom = 56;

    const string Ink = "#24292f", Blue = "#0969da";

    const string Grid = """stroke="#d8dee4" """, Measured = $"""stroke="{Blue}" stroke-width="2" """;

    const string Theory = """stroke="#6e7781" stroke-width="1.5" stroke-dasharray="6 4" """;

    public static string Draw(Curve curve)
    {
        var across = LogScale.Around([.. curve.Points.Select(p => p.At)], Left, Width - Right);
        var up = LogScale.Around([.. curve.Points.SelectMany(p => new[] { p.Seconds, p.Theory })], Height - Bottom, Top);
        var picture = new SvgPicture(Width, Height, Ink);
        DrawAxes(picture, curve, across, up);
        picture.Path(curve.Points.Select(p => (across.At(p.At), up.At(p.Theory))), Theory);
        picture.Path(curve.Points.Select(p => (across.At(p.At), up.At(p.Seconds))), Measured);
        foreach (var point in curve.Points) picture.Dot(across.At(point.At), up.At(point.Seconds), Blue);
        // The curves climb: at the left, above, is room.
        DrawName(picture, 1, Measured, "measured");
        DrawName(picture, 2, Theory, "theory: " + curve.Theory);
        return picture.ToString();
    }

    static void DrawAxes(SvgPicture picture, Curve curve, LogScale across, LogScale up)
    {
        picture.Text(Left, 20, curve.Title, size: 14);
        picture.Text((Left + Width - Right) / 2, Height - 12, curve.Axis, "middle");
        foreach (double mark in up.Marks)
        {
            picture.Line(Left, up.At(mark), Width - Right, up.At(mark), Grid);
            picture.Text(Left - 8, up.At(mark) + 4, Round(mark), "end");
        }
        foreach (double at in curve.Points.Select(point => point.At))
        {
            picture.Line(across.At(at), Top, across.At(at), Height - Bottom, Grid);
            picture.Text(across.At(at), Height - Bottom + 18, at.ToString("#,0", CultureInfo.InvariantCulture), "middle");
        }
    }

    static void DrawName(SvgPicture picture, int row, string style, string name)
    {
        double y = Top - 4 + 20 * row;
        picture.Line(Left + 12, y, Left + 44, y, style);
        picture.Text(Left + 52, y + 4, name);
    }

    // Marks are round numbers: without the digits that a measured time has.
    static string Round(double seconds) => seconds switch
    {
        < 0.9995e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.###} µs"),
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.###} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###} s"),
    };
}
