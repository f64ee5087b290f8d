using System.Text;

namespace Lowrank.Language;

/// <summary>
/// A text under way: its present form, and for each UTF-16 unit of that the stretch of the source that it came from.
/// </summary>
/// <remarks>What a change does to the stretches is the rule of Hugging Face's <c>NormalizedString</c>: an added character has the stretch
/// of the one before it, one that swallowed others keeps its own.</remarks>
sealed class AlignedText
{
    // Null while the text is still the source's: unit i came from unit First + i.
    int[]? starts, ends;

    /// <summary>A stretch of a source, unchanged.</summary>
    public AlignedText(string source, int first, int length)
    {
        First = first;
        Text = first == 0 && length == source.Length ? source : source.Substring(first, length);
    }

    AlignedText(AlignedText whole, int start, int end)
    {
        First = whole.SourceOf(start, end).Start;
        Text = whole.Text[start..end];
        if (whole.starts is not null) (starts, ends) = (whole.starts[start..end], whole.ends![start..end]);
    }

    /// <summary>A part of the present text by itself.</summary>
    public AlignedText Part(int start, int end) => start == 0 && end == Text.Length ? this : new(this, start, end);

    /// <summary>Where in the source the stretch begins.</summary>
    public int First { get; }

    /// <summary>The present form.</summary>
    public string Text { get; private set; }

    /// <summary>The stretch of the source that one unit came from.</summary>
    public TextSpan SourceOf(int unit)
    {
        if (starts is not null) return new TextSpan(starts[unit], ends![unit]);
        if (char.IsLowSurrogate(Text[unit])) return new TextSpan(First + unit - 1, First + unit + 1);
        return new TextSpan(First + unit, First + unit + (char.IsHighSurrogate(Text[unit]) ? 2 : 1));
    }

    /// <summary>The stretch of the source that some units came from: from the beginning of the first to the end of the last.</summary>
    public TextSpan SourceOf(int start, int end)
    {
        if (start < end) return new TextSpan(SourceOf(start).Start, SourceOf(end - 1).End);
        int place = Text.Length == 0 ? First : start < Text.Length ? SourceOf(start).Start : SourceOf(start - 1).End;
        return new TextSpan(place, place);
    }

    /// <summary>The whole text anew, from its changes.</summary>
    /// <param name="changes">The new text's code points in order.</param>
    /// <param name="removedFirst">How many code points go away before the first.</param>
    public void Change(List<Change> changes, int removedFirst = 0)
    {
        var made = new AlignedBuilder(changes.Count + 8);
        int at = 0;
        for (int i = 0; i < removedFirst; i++) at += LengthAt(at);
        foreach (var (rune, count) in changes)
        {
            var from = StretchOf(count > 0 ? at - 1 : at);
            for (int taken = count; taken <= 0; taken++) at += LengthAt(at);
            made.Append(rune, from);
        }
        Take(made);
    }

    // Before the first unit lies nothing, and its place is the beginning. Changes that take more than there is are of the last.
    TextSpan StretchOf(int unit) => unit < 0 || Text.Length == 0
        ? new TextSpan(First, First)
        : SourceOf(Math.Min(unit, Text.Length - 1));

    int LengthAt(int unit)
    {
        if (unit >= Text.Length) return 0;
        return char.IsHighSurrogate(Text[unit]) ? 2 : 1;
    }

    /// <summary>Keeps the code points that are wanted.</summary>
    public void Keep(Func<Rune, bool> isWanted)
    {
        AlignedBuilder? made = null;
        for (int at = 0; at < Text.Length;)
        {
            var rune = CodePoints.At(Text, at, out int length);
            bool wanted = isWanted(rune);
            if (!wanted && made is null)
            {
                made = new AlignedBuilder(Text.Length);
                for (int i = 0; i < at; i++) made.Append(Text[i], SourceOf(i));
            }
            if (wanted) made?.Append(rune, SourceOf(at));
            at += length;
        }
        if (made is not null) Take(made);
    }

    /// <summary>Puts another text in the place of each match; what is put in has the stretch of the match's last unit.</summary>
    public void Replace(List<TextSpan> matches, string content)
    {
        if (matches.Count == 0) return;
        var made = new AlignedBuilder(Text.Length + matches.Count * content.Length);
        int at = 0;
        foreach (var match in matches)
        {
            for (; at < match.Start; at++) made.Append(Text[at], SourceOf(at));
            var from = StretchOf(match.End - 1);
            foreach (char c in content) made.Append(c, from);
            at = match.End;
        }
        for (; at < Text.Length; at++) made.Append(Text[at], SourceOf(at));
        Take(made);
    }

    /// <summary>Puts a text in front, with the stretch of the first character; nothing in front of nothing.</summary>
    public void Prepend(string content)
    {
        if (Text.Length == 0) return;
        var made = new AlignedBuilder(Text.Length + content.Length);
        foreach (char c in content) made.Append(c, SourceOf(0));
        for (int i = 0; i < Text.Length; i++) made.Append(Text[i], SourceOf(i));
        Take(made);
    }

    /// <summary>Keeps one stretch of the present form.</summary>
    public void Cut(int start, int end)
    {
        if (start == 0 && end == Text.Length) return;
        var made = new AlignedBuilder(Math.Max(end - start, 0));
        for (int i = start; i < end; i++) made.Append(Text[i], SourceOf(i));
        Take(made);
    }

    /// <summary>Takes a text that was built beside this one.</summary>
    public void Take(AlignedBuilder made) => (Text, starts, ends) = (made.Text, made.Starts, made.Ends);

    /// <summary>Takes a text in which each unit stands for the unit of the present text at its place.</summary>
    public void TakeUnitForUnit(string text) => Text = text;
}
