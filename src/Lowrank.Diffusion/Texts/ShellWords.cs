using System.Text;

namespace Lowrank.Diffusion;

/// <summary>The words of a line as a shell parts them, by Python's <c>shlex.split</c>.</summary>
/// <remarks>
/// Quotes of both kinds hold blanks; a backslash takes the next letter as it is, in double quotes only a quote or a backslash, in single
/// quotes none.
/// </remarks>
public static class ShellWords
{
    /// <summary>The words; null where a quote is not closed, or the line ends behind a backslash.</summary>
    public static IReadOnlyList<string>? Split(string line)
    {
        var words = new List<string>();
        for (int at = 0; at < line.Length;)
        {
            if (IsBlank(line[at])) at++;
            else if (Word(line, ref at) is { } word) words.Add(word);
            else return null;
        }
        return words;
    }

    static string? Word(string line, ref int at)
    {
        var word = new StringBuilder();
        while (at < line.Length && !IsBlank(line[at]))
        {
            char c = line[at++];
            if (c is '"' or '\'')
            {
                if (!Quoted(line, c, ref at, word)) return null;
            }
            else if (c != '\\')
            {
                word.Append(c);
            }
            else
            {
                if (at == line.Length) return null;
                word.Append(line[at++]);
            }
        }
        return word.ToString();
    }

    static bool Quoted(string line, char quote, ref int at, StringBuilder word)
    {
        for (; at < line.Length; at++)
        {
            char c = line[at];
            if (c == quote)
            {
                at++;
                return true;
            }
            bool canEscape = quote == '"' && c == '\\' && at + 1 < line.Length;
            bool escapes = canEscape && line[at + 1] is '"' or '\\';
            word.Append(escapes ? line[++at] : c);
        }
        return false;
    }

    static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\n';
}
