using System.Text;

namespace Lowrank.Language;

/// <summary>Puts texts together and keeps what wrote which part.</summary>
sealed class TextBuilder
{
    readonly StringBuilder text = new();
    List<TextMark>? marks;

    /// <summary>UTF-16 units so far.</summary>
    public int Length => text.Length;

    /// <summary>Appends a text of the template's own.</summary>
    public TextBuilder Append(string value)
    {
        TemplateLimits.Checked((long)text.Length + value.Length);
        text.Append(value);
        return this;
    }

    /// <summary>Appends one character of the template's own, or several alike.</summary>
    public TextBuilder Append(char value, int count = 1)
    {
        TemplateLimits.Checked((long)text.Length + count);
        text.Append(value, Math.Max(0, count));
        return this;
    }

    /// <summary>Appends a text with its marks.</summary>
    public TextBuilder Append(MarkedText value)
    {
        int shift = text.Length;
        Append(value.Value);
        for (int i = 0; i < value.Marks.Count; i++)
        {
            var (start, end, origin) = value.Marks[i];
            Mark(start + shift, end + shift, origin);
        }
        return this;
    }

    /// <summary>Appends a part of a text, by UTF-16 units, with its marks.</summary>
    public TextBuilder Append(MarkedText value, int start, int length)
    {
        int shift = text.Length - start;
        TemplateLimits.Checked((long)text.Length + length);
        text.Append(value.Value, start, length);
        foreach (var mark in value.Marks)
            Mark(Math.Max(mark.Start, start) + shift, Math.Min(mark.End, start + length) + shift, mark.Origin);
        return this;
    }

    /// <summary>Appends a text with each code point as what the function makes of it, where null keeps it; the marks stay.</summary>
    public TextBuilder AppendMapped(MarkedText value, Func<int, string?> made)
    {
        string source = value.Value;
        var places = value.Marks.Count > 0 ? new int[source.Length + 1] : null;
        for (int i = 0; i < source.Length; i += PythonPoints.Width(source, i))
        {
            if (places is not null) places[i] = text.Length;
            if (made(PythonPoints.At(source, i)) is { } other) text.Append(other);
            else text.Append(source, i, PythonPoints.Width(source, i));
        }
        TemplateLimits.Checked(text.Length);
        if (places is null) return this;
        places[source.Length] = text.Length;
        foreach (var mark in value.Marks) Mark(places[mark.Start], places[mark.End], mark.Origin);
        return this;
    }

    /// <summary>Says what wrote a stretch.</summary>
    public void Mark(int start, int end, TextOrigin origin)
    {
        if (end <= start) return;
        marks ??= [];
        bool goesOn = marks.Count > 0 && marks[^1].Origin == origin && marks[^1].End == start;
        if (goesOn) marks[^1] = marks[^1] with { End = end };
        else marks.Add(new(start, end, origin));
    }

    /// <summary>What was put together.</summary>
    public MarkedText ToText() => new(text.ToString(), marks);

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
