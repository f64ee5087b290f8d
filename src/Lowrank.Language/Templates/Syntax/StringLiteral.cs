using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>Texts in quotes, with Python's escapes.</summary>
static class StringLiteral
{
    /// <summary>What stands between the quotes, with its escapes read; or why they cannot be.</summary>
    public static (string Text, string? Fault) Read(string inner)
    {
        if (!inner.Contains('\\')) return (inner, null);
        var text = new StringBuilder();
        for (int i = 0; i < inner.Length; i++)
        {
            if (inner[i] != '\\')
            {
                text.Append(inner[i]);
                continue;
            }
            char letter = inner[++i];
            if (plain.TryGetValue(letter, out string? made)) text.Append(made);
            else if (letter is >= '0' and <= '7') i = Octal(inner, i, text);
            else if (digits.TryGetValue(letter, out int count))
            {
                if (Hexadecimal(inner, i + 1, count) is not { } point)
                    return ("", $"truncated \\{letter}{new string('X', count)} escape");
                if (point > 0x10ffff) return ("", "illegal Unicode character");
                text.Append(PythonPoints.Text(point));
                i += count;
            }
            else if (letter == 'N')
                return ("", inner.AsSpan(i + 1).StartsWith("{") && inner.AsSpan(i).Contains('}')
                    ? "unknown Unicode character name"
                    : "malformed \\N character escape");
            else text.Append('\\').Append(letter);
        }
        return (text.ToString(), null);
    }

    static readonly Dictionary<char, string> plain = new()
    {
        ['\n'] = "", ['\\'] = "\\", ['\''] = "'", ['"'] = "\"", ['a'] = "\a", ['b'] = "\b", ['f'] = "\f", ['n'] = "\n", ['r'] = "\r",
        ['t'] = "\t", ['v'] = "\v",
    };

    static readonly Dictionary<char, int> digits = new() { ['x'] = 2, ['u'] = 4, ['U'] = 8 };

    static int? Hexadecimal(string text, int start, int count)
    {
        if (start + count > text.Length) return null;
        bool isRead = int.TryParse(text.AsSpan(start, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int point);
        return isRead ? point < 0 ? int.MaxValue : point : null;
    }

    static int Octal(string text, int start, StringBuilder to)
    {
        int value = 0, at = start;
        for (; at < text.Length && at < start + 3 && text[at] is >= '0' and <= '7'; at++) value = value * 8 + text[at] - '0';
        to.Append((char)value);
        return at - 1;
    }
}
