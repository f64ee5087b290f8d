using System.Numerics;

namespace Lowrank.Language;

/// <summary>Python counts code points, .NET UTF-16 units.</summary>
static class PythonPoints
{
    /// <summary>Code points of a text; a lone surrogate is one.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int i = text.IndexOfAnyInRange('\ud800', '\udbff'); i >= 0 && i + 1 < text.Length; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1])) (count, i) = (count - 1, i + 1);
        return count;
    }

    /// <summary>Where each code point of a text begins, and at last its end.</summary>
    public static int[] Starts(string text)
    {
        var starts = new int[Count(text) + 1];
        int count = 0;
        for (int i = 0; i < text.Length; i += Width(text, i)) starts[count++] = i;
        starts[count] = text.Length;
        return starts;
    }

    /// <summary>UTF-16 units of the code point at a place.</summary>
    public static int Width(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    /// <summary>Its number.</summary>
    public static int At(string text, int at) => Width(text, at) == 2 ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];

    /// <summary>The text of one code point; of a surrogate too, which has a number in Python.</summary>
    public static string Text(int point) => point <= 0xffff ? ((char)point).ToString() : char.ConvertFromUtf32(point);

    /// <summary>What "%c" makes of a number.</summary>
    /// <exception cref="TemplateFault">It is no code point.</exception>
    public static string Character(BigInteger point) => point >= 0 && point <= 0x10ffff
        ? Text((int)point)
        : throw new TemplateFault(TemplateFault.Overflow, "%c arg not in range(0x110000)");

    /// <summary>How far two texts are the same, in UTF-16 units, never within a pair.</summary>
    public static int Common(string a, string b)
    {
        int same = a.AsSpan().CommonPrefixLength(b);
        bool isWithinPair = same > 0 && char.IsHighSurrogate(a[same - 1]) && (same < a.Length || same < b.Length);
        return isWithinPair ? same - 1 : same;
    }
}
