using System.Text;

namespace Lowrank.Language;

/// <summary>A text that is built unit by unit, each with the stretch of the source that it came from.</summary>
sealed class AlignedBuilder(int capacity)
{
    char[] text = new char[Math.Max(capacity, 16)];
    int[] starts = new int[Math.Max(capacity, 16)], ends = new int[Math.Max(capacity, 16)];

    /// <summary>Units so far.</summary>
    public int Length { get; private set; }

    /// <summary>The text so far.</summary>
    public string Text => new(text, 0, Length);

    /// <summary>Where in the source each unit's stretch begins.</summary>
    public int[] Starts => starts;

    /// <summary>Where it ends.</summary>
    public int[] Ends => ends;

    /// <summary>The unit at a place.</summary>
    public char Unit(int index) => text[index];

    /// <summary>Forgets what lies beyond a length.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>One unit more.</summary>
    public void Append(char unit, TextSpan from)
    {
        if (Length == text.Length)
        {
            Array.Resize(ref text, Length * 2);
            Array.Resize(ref starts, Length * 2);
            Array.Resize(ref ends, Length * 2);
        }
        text[Length] = unit;
        starts[Length] = from.Start;
        ends[Length++] = from.End;
    }

    /// <summary>One code point more.</summary>
    public void Append(Rune rune, TextSpan from)
    {
        if (rune.IsBmp)
        {
            Append((char)rune.Value, from);
            return;
        }
        Span<char> units = stackalloc char[2];
        rune.EncodeToUtf16(units);
        Append(units[0], from);
        Append(units[1], from);
    }
}
