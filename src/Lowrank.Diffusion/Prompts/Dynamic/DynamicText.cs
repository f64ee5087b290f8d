using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>A dynamic prompt and the place to which it is read. What does not match leaves the place where it was.</summary>
sealed partial class DynamicText(string text)
{
    /// <summary>The place.</summary>
    public int At { get; set; }

    /// <summary>The farthest place at which something was looked for in vain.</summary>
    public int Farthest { get; private set; }

    /// <summary>Whether all is read, but for comments.</summary>
    public bool IsAtEnd
    {
        get
        {
            SkipComments();
            return At == text.Length;
        }
    }

    /// <summary>Reads what a pattern, which begins with \G, matches here, behind comments; null where it does not.</summary>
    public Match? Read(Regex pattern)
    {
        int start = At;
        SkipComments();
        var match = pattern.Match(text, At);
        if (match.Success)
        {
            At = match.Index + match.Length;
            return match;
        }
        Farthest = Math.Max(Farthest, At);
        At = start;
        return null;
    }

    /// <summary>Reads a sign.</summary>
    public bool Read(string sign)
    {
        int start = At;
        SkipComments();
        if (string.CompareOrdinal(text, At, sign, 0, sign.Length) == 0)
        {
            At += sign.Length;
            return true;
        }
        Farthest = Math.Max(Farthest, At);
        At = start;
        return false;
    }

    /// <summary>Reads blanks, if there are any.</summary>
    public void SkipBlanks()
    {
        SkipComments();
        while (At < text.Length && char.IsWhiteSpace(text[At])) At++;
    }

    /// <summary>An error at a place, with its line and column.</summary>
    public LowrankException Fault(int place, string why)
    {
        int line = text.AsSpan(0, place).Count('\n') + 1, column = place - text[..place].LastIndexOf('\n');
        string what = place < text.Length ? $"\"{text[place..Math.Min(text.Length, place + 12)]}\"" : "the end";
        return new($"The dynamic prompt cannot be read at line {line}, column {column}, where {what} stands: {why}");
    }

    // Blanks before a comment go with it.
    void SkipComments()
    {
        while (Comment().Match(text, At) is { Success: true } comment) At = comment.Index + comment.Length;
    }

    [GeneratedRegex("""\G\s*(?:#[^\n]*|//[^\n]*|/\*.*?\*/)""", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
