using System.Text;

namespace Lowrank.Training;

/// <summary>Rows of a text of comma-separated values.</summary>
/// <remarks>
/// RFC 4180: a cell in quotes may hold commas, line ends and quotes, these doubled. Rows end in LF or CRLF; blank ones are none.
/// </remarks>
static class CommaSeparated
{
    /// <summary>The rows, each with the line that it begins in, from 1.</summary>
    /// <exception cref="LowrankException">A quote is not closed; the line is told.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Cells)> Rows(string text)
    {
        int at = 0, line = 1;
        while (at < text.Length)
        {
            int begun = line;
            var cells = new List<string>();
            bool goesOn = true;
            while (goesOn) cells.Add(Cell(text, ref at, ref line, out goesOn));
            if (cells.Count > 1 || cells[0].Trim().Length > 0) yield return (begun, cells);
        }
    }

    // The cell that begins at a place, which is moved behind the comma or line end after it.
    static string Cell(string text, ref int at, ref int line, out bool goesOn)
    {
        var cell = new StringBuilder();
        int begun = line;
        bool quoted = false;
        for (; at < text.Length; at++)
        {
            char sign = text[at];
            if (sign == '\n') line++;
            if (sign == '"' && quoted && at + 1 < text.Length && text[at + 1] == '"') cell.Append(text[++at]);
            else if (sign == '"' && (quoted || cell.Length == 0)) quoted = !quoted;
            else if (!quoted && sign is (',' or '\n')) break;
            else cell.Append(sign);
        }
        if (quoted) throw new LowrankException($"the quote that begins in line {begun} is not closed");
        goesOn = at < text.Length && text[at] == ',';
        at++;
        return goesOn ? cell.ToString() : cell.ToString().TrimEnd('\r');
    }
}
