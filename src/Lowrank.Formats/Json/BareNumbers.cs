namespace Lowrank.Formats;

/// <summary>
/// Numbers that Python writes into JSON and that JSON does not know: NaN, Infinity and -Infinity. They become strings, so that whoever
/// expects them finds them; diffusers writes "lambda_min_clipped": -Infinity.
/// </summary>
static class BareNumbers
{
    static readonly byte[][] words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>The text with such words in quotes where they stand outside of strings; the same memory where there are none.</summary>
    internal static ReadOnlyMemory<byte> Quoted(ReadOnlyMemory<byte> json)
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
                quoted.AddRange([(byte)'"', .. word, (byte)'"']);
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
