namespace Lowrank.Formats;

/// <summary>
/// Numbers that Python writes into JSON and that JSON does not know: NaN, Infinity and -Infinity. diffusers writes
/// "lambda_min_clipped": -Infinity.
/// </summary>
static class BareNumbers
{
    /// <summary>The words.</summary>
    public const string NotANumber = "NaN", Infinity = "Infinity", MinusInfinity = "-Infinity";

    static readonly byte[][] words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    // Before the word in a string that stands for the number; no text begins so.
    const string Mark = "\\u0000";

    /// <summary>
    /// The text with such words in quotes where they stand outside of strings, so that whoever expects them finds them; the same memory
    /// where there are none.
    /// </summary>
    internal static ReadOnlyMemory<byte> Quoted(ReadOnlyMemory<byte> json) => Quoted(json, "");

    /// <summary>The same, so that <see cref="Meant"/> tells them apart from strings.</summary>
    internal static ReadOnlyMemory<byte> Marked(ReadOnlyMemory<byte> json) => Quoted(json, Mark);

    /// <summary>The number that a string of a marked text stands for, or the string.</summary>
    internal static object Meant(string text) => text switch
    {
        "\0NaN" => double.NaN,
        "\0Infinity" => double.PositiveInfinity,
        "\0-Infinity" => double.NegativeInfinity,
        _ => text,
    };

    static ReadOnlyMemory<byte> Quoted(ReadOnlyMemory<byte> json, string before)
    {
        var text = json.Span;
        if (text.IndexOf(words[1]) < 0 && text.IndexOf(words[2]) < 0) return json;
        var quoted = new List<byte>(json.Length + 16);
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte[]? word = inString ? null : WordAt(text[i..]);
            if (word is not null)
            {
                quoted.AddRange([(byte)'"', .. System.Text.Encoding.ASCII.GetBytes(before), .. word, (byte)'"']);
                i += word.Length - 1;
                continue;
            }
            quoted.Add(text[i]);
            bool isEscape = inString && text[i] == '\\' && i + 1 < text.Length;
            if (isEscape) quoted.Add(text[++i]);
            else if (text[i] == '"') inString = !inString;
        }
        return quoted.ToArray();
    }

    static byte[]? WordAt(ReadOnlySpan<byte> text)
    {
        foreach (byte[] word in words)
            if (text.StartsWith(word)) return word;
        return null;
    }
}
