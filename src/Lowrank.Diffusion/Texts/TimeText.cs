using System.Globalization;
using System.Text;

namespace Lowrank.Diffusion;

/// <summary>Dates and times by C's <c>strftime</c>, which is how patterns of file names ask for them: %Y-%m-%d.</summary>
static class TimeText
{
    /// <summary>A time in words; an unknown %letter stays as it stands. Names are English.</summary>
    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            bool isDirective = format[i] == '%' && i + 1 < format.Length;
            if (!isDirective) text.Append(format[i]);
            else text.Append(Directive(time, format[++i]));
        }
        return text.ToString();
    }

    static string Directive(DateTimeOffset time, char letter) =>
        DateOf(time, letter) ?? TimeOf(time, letter) ?? WeekOf(time, letter) ?? Together(time, letter) ?? $"%{letter}";

    static string? DateOf(DateTimeOffset time, char letter) => letter switch
    {
        'Y' => Net(time, "yyyy"),
        'y' => Net(time, "yy"),
        'C' => Net(time, "yyyy")[..2],
        'm' => Net(time, "MM"),
        'B' => Net(time, "MMMM"),
        'b' or 'h' => Net(time, "MMM"),
        'd' => Net(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        _ => null,
    };

    static string? TimeOf(DateTimeOffset time, char letter) => letter switch
    {
        'H' => Net(time, "HH"),
        'I' => Net(time, "hh"),
        'p' => Net(time, "tt"),
        'M' => Net(time, "mm"),
        'S' => Net(time, "ss"),
        'f' => Net(time, "ffffff"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'z' => Net(time, "zzz").Replace(":", "", StringComparison.Ordinal),
        'Z' => time.Offset == TimeSpan.Zero ? "UTC" : $"UTC{Net(time, "zzz")}",
        _ => null,
    };

    static string? WeekOf(DateTimeOffset time, char letter)
    {
        int fromSunday = (int)time.DayOfWeek, fromMonday = (fromSunday + 6) % 7;
        return letter switch
        {
            'A' => Net(time, "dddd"),
            'a' => Net(time, "ddd"),
            'w' => fromSunday.ToString(CultureInfo.InvariantCulture),
            'u' => (fromMonday + 1).ToString(CultureInfo.InvariantCulture),
            'U' => Two((time.DayOfYear + 6 - fromSunday) / 7),
            'W' => Two((time.DayOfYear + 6 - fromMonday) / 7),
            'V' => Two(ISOWeek.GetWeekOfYear(time.DateTime)),
            'G' => ISOWeek.GetYear(time.DateTime).ToString("0000", CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    static string? Together(DateTimeOffset time, char letter) => letter switch
    {
        'c' => Format(time, "%a %b %e %H:%M:%S %Y"),
        'D' or 'x' => Format(time, "%m/%d/%y"),
        'F' => Format(time, "%Y-%m-%d"),
        'T' or 'X' => Format(time, "%H:%M:%S"),
        'R' => Format(time, "%H:%M"),
        '%' => "%",
        _ => null,
    };

    static string Two(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    static string Net(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
