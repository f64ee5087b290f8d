using System.Globalization;

namespace Lowrank.Bench;

/// <summary>How rows are written, on the terminal and in the page: a table of Markdown whose columns are padded.</summary>
static class Table
{
    static readonly (string Title, int Width, bool Right, Func<Row, string> Cell)[] columns =
    [
        ("what", 34, false, row => row.What),
        ("shape, model", 31, false, row => row.Shape),
        ("dtype", 5, false, row => row.Dtype),
        ("ours", 8, true, row => Time(row.Seconds)),
        ("peer or limit", 30, false, row => row.Peer ?? ""),
        ("takes", 8, true, row => Time(row.PeerSeconds)),
        ("ratio", 5, true, row => Ratio(row.Ratio)),
        ("aim", 5, true, row => Ratio(row.Aim)),
        ("MB, ours / peer", 15, true, Memory),
        ("remark", 6, false, row => row.Remark ?? ""),
    ];

    /// <summary>Titles, and the line beneath them.</summary>
    public static IEnumerable<string> Head =>
    [
        Join(columns.Select(c => Pad(c.Title, c.Width, c.Right))),
        "|" + string.Concat(columns.Select(c => new string('-', c.Width + 1) + (c.Right ? ":|" : "-|"))),
    ];

    /// <summary>A row's line.</summary>
    public static string Line(Row row) => Join(columns.Select(c => Pad(c.Cell(row), c.Width, c.Right)));

    /// <summary>A time in the unit that suits it, three digits.</summary>
    public static string Time(double? seconds) => seconds switch
    {
        null => "",
        < 0 => "-" + Time(-seconds),
        < 0.9995e-3 => Digits(seconds.Value * 1e6) + " µs",
        < 0.9995 => Digits(seconds.Value * 1e3) + " ms",
        _ => Digits(seconds.Value) + " s",
    };

    static string Memory(Row row) => row.Megabytes is null && row.PeerMegabytes is null
        ? ""
        : $"{Whole(row.Megabytes)} / {Whole(row.PeerMegabytes)}";

    static string Whole(double? value) => value?.ToString("f0", CultureInfo.InvariantCulture) ?? "–";

    // A ratio that is far below one would be written as none at all.
    static string Ratio(double? value)
    {
        if (value is not { } ratio) return "";
        return ratio.ToString(Math.Abs(ratio) is < 0.1 and > 0 ? "g2" : "f2", CultureInfo.InvariantCulture);
    }

    static string Digits(double value)
    {
        int fraction = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Max(1.0005 * value, 1e-9))), 0, 2);
        return value.ToString("f" + fraction, CultureInfo.InvariantCulture);
    }

    static string Pad(string text, int width, bool right) => right ? text.PadLeft(width) : text.PadRight(width);

    static string Join(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |";
}
