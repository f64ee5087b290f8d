namespace Lowrank.Language;

/// <summary>A text and what wrote which stretch of it; the marks go with it through slices, joins and filters.</summary>
sealed class MarkedText
{
    int codePoints = -1;

    /// <summary>A text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="marks">What wrote its stretches; what none covers came from the template.</param>
    /// <param name="isMarkup">Whether it is escaped for HTML.</param>
    public MarkedText(string value, IReadOnlyList<TextMark>? marks = null, bool isMarkup = false) =>
        (Value, Marks, IsMarkup) = (value, marks ?? [], isMarkup);

    /// <summary>The empty text.</summary>
    public static MarkedText Empty { get; } = new("");

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>What wrote its stretches.</summary>
    public IReadOnlyList<TextMark> Marks { get; }

    /// <summary>Whether it is escaped for HTML, which Python calls Markup.</summary>
    public bool IsMarkup { get; }

    /// <summary>Length in code points, as Python counts.</summary>
    public int Length => codePoints >= 0 ? codePoints : codePoints = PythonPoints.Count(Value);

    /// <summary>A text of the template's own.</summary>
    public static implicit operator MarkedText(string value) => new(value);

    /// <summary>The same, escaped or not.</summary>
    public MarkedText As(bool markup) => markup == IsMarkup ? this : new(Value, Marks, markup);

    /// <summary>A part by UTF-16 units.</summary>
    public MarkedText Part(int start, int length)
    {
        if (start == 0 && length == Value.Length) return this;
        if (Marks.Count == 0) return new(Value.Substring(start, length), null, IsMarkup);
        var builder = new TextBuilder();
        builder.Append(this, start, length);
        return builder.ToText().As(IsMarkup);
    }

    /// <summary>From a place to the end.</summary>
    public MarkedText From(int start) => Part(start, Value.Length - start);

    /// <summary>Every code point as what the function makes of it, where null keeps it; what takes its place has its origin.</summary>
    public MarkedText Mapped(Func<int, string?> made)
    {
        var builder = new TextBuilder();
        builder.AppendMapped(this, made);
        return builder.ToText().As(IsMarkup);
    }

    /// <summary>
    /// A text that was made of others by a way that keeps no borders: where one origin wrote all of them it wrote this too, else what
    /// came from where is unknown.
    /// </summary>
    public static MarkedText Made(string value, params ReadOnlySpan<MarkedText> of)
    {
        TextOrigin? origin = null;
        foreach (var one in of)
        {
            if (one.Marks.Count == 0) continue;
            bool isWhole = one.Marks is [{ Start: 0 } only] && only.End == one.Value.Length && of.Length == 1;
            if (isWhole) origin = one.Marks[0].Origin;
            else origin = new(TextSource.Unknown);
        }
        bool isMarked = origin is not null && value.Length > 0;
        return isMarked ? new(value, [new TextMark(0, value.Length, origin!.Value)]) : new(value);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
