using System.Text;

namespace Lowrank.Formats;

/// <summary>Texts as JSON quotes them, to the byte as Python's writers do.</summary>
static class JsonString
{
    /// <summary>Appends a text in quotes.</summary>
    /// <param name="to">Where it is written.</param>
    /// <param name="text">The text.</param>
    /// <param name="asciiOnly">Whether all beyond ASCII becomes \u escapes, as Python's <c>json.dumps</c> has it; else it stays.</param>
    public static StringBuilder Append(StringBuilder to, string text, bool asciiOnly)
    {
        to.Append('"');
        foreach (char c in text)
            to.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => Escape(c),
                > '~' when asciiOnly => Escape(c),
                _ => c.ToString(),
            });
        return to.Append('"');
    }

    static string Escape(char c) => $"\\u{(int)c:x4}";
}
