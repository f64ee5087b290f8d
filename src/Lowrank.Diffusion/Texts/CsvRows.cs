using System.Text;

namespace Lowrank.Diffusion;

/// <summary>Rows of a text of values with commas, as Python's csv module reads them with <c>skipinitialspace</c>.</summary>
/// <remarks>A quote begins a quoted value only where the value begins; two quotes in it are one; line breaks in it stay.</remarks>
static class CsvRows
{
    /// <summary>All rows that are not empty.</summary>
    /// <param name="text">The text.</param>
    /// <param name="closesQuotes">Whether a quote that nothing closes is an error; else all behind it is a value, as in Python.</param>
    /// <exception cref="LowrankException">A quote is not closed.</exception>
    public static IEnumerable<IReadOnlyList<string>> Read(string text, bool closesQuotes = false)
    {
        var row = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            row.Add(Value(text, ref at, closesQuotes));
            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length) continue;
                row.Add("");
            }
            if (row is not [""]) yield return row;
            row = [];
            if (at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n') at++;
            at++;
        }
    }

    // The line in which it begins.
    static string Shortened(string text) => text.Split('\r', '\n')[0];

    // Up to the comma or the line break behind it.
    static string Value(string text, ref int at, bool closesQuotes)
    {
        while (at < text.Length && text[at] == ' ') at++;
        var value = new StringBuilder();
        bool isQuoted = at < text.Length && text[at] == '"';
        int begun = at;
        if (isQuoted) at++;
        for (; at < text.Length; at++)
        {
            char c = text[at];
            bool isEnd = c is ',' or '\r' or '\n';
            if (isEnd && !isQuoted) break;
            if (!isQuoted || c != '"') value.Append(c);
            else if (at + 1 < text.Length && text[at + 1] == '"') value.Append(text[at++]);
            else isQuoted = false;
        }
        if (!isQuoted || !closesQuotes) return value.ToString();
        int line = 1 + text.AsSpan(0, begun).Count('\n');
        throw new LowrankException($"in line {line} a quote begins a value and no other ends it: {Shortened(text[begun..])}.");
    }
}
