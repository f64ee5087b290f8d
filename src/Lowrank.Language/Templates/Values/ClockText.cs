using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>Times as C's strftime writes them, in its own locale.</summary>
static class ClockText
{
    /// <summary>The format with its places filled.</summary>
    public static string Of(DateTime time, string format)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            bool isPlain = format[i] != '%' || i + 1 == format.Length;
            if (isPlain)
            {
                text.Append(format[i]);
                continue;
            }
            bool isBare = format[i + 1] == '-' && i + 2 < format.Length;
            if (isBare) i++;
            string part = Part(time, format[++i]);
            text.Append(isBare && part.Length > 1 ? part.TrimStart('0', ' ') is { Length: > 0 } left ? left : "0" : part);
        }
        return text.ToString();
    }

    static string Part(DateTime time, char letter)
    {
        if (nets.TryGetValue(letter, out string? net)) return time.ToString(net, CultureInfo.InvariantCulture);
        if (composed.TryGetValue(letter, out string? parts)) return Of(time, parts);
        if (computed.TryGetValue(letter, out var made)) return made(time);
        return "%" + letter;
    }

    static string Number(long value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static int WeekDay(DateTime time) => (int)time.DayOfWeek;

    static readonly Dictionary<char, Func<DateTime, string>> computed = new()
    {
        ['e'] = time => Number(time.Day, "0").PadLeft(2),
        ['k'] = time => Number(time.Hour, "0").PadLeft(2),
        ['l'] = time => time.ToString("%h", CultureInfo.InvariantCulture).PadLeft(2),
        ['j'] = time => Number(time.DayOfYear, "000"),
        ['C'] = time => Number(time.Year / 100, "00"),
        ['u'] = time => Number((WeekDay(time) + 6) % 7 + 1, "0"),
        ['w'] = time => Number(WeekDay(time), "0"),
        ['U'] = time => Number((time.DayOfYear + 6 - WeekDay(time)) / 7, "00"),
        ['W'] = time => Number((time.DayOfYear + 6 - (WeekDay(time) + 6) % 7) / 7, "00"),
        ['V'] = time => Number(ISOWeek.GetWeekOfYear(time), "00"),
        ['G'] = time => Number(ISOWeek.GetYear(time), "0000"),
        ['s'] = time => Number(new DateTimeOffset(time).ToUnixTimeSeconds(), "0"),
        ['n'] = _ => "\n", ['t'] = _ => "\t", ['%'] = _ => "%",
        // A fixed clock has no zone, as Python's datetime.now() has none.
        ['z'] = _ => "", ['Z'] = _ => "",
    };

    static readonly Dictionary<char, string> nets = new()
    {
        ['Y'] = "yyyy", ['m'] = "MM", ['d'] = "dd", ['H'] = "HH", ['M'] = "mm", ['S'] = "ss", ['y'] = "yy", ['a'] = "ddd", ['A'] = "dddd",
        ['b'] = "MMM", ['h'] = "MMM", ['B'] = "MMMM", ['I'] = "hh", ['p'] = "tt", ['f'] = "ffffff",
    };

    static readonly Dictionary<char, string> composed = new()
    {
        ['F'] = "%Y-%m-%d", ['T'] = "%H:%M:%S", ['R'] = "%H:%M", ['D'] = "%m/%d/%y", ['x'] = "%m/%d/%y", ['X'] = "%H:%M:%S",
        ['c'] = "%a %b %e %H:%M:%S %Y", ['r'] = "%I:%M:%S %p",
    };
}
