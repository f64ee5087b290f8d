namespace Lowrank.Language;

/// <summary>What a template wrote, and which stretches of it did not come from the template.</summary>
/// <remarks>
/// The text of messages, tools and documents is told apart from the template's own all the way through slices, joins and filters, so
/// that a control token is recognized only where no character of it came from them (<see cref="Foreign"/>). Places are UTF-16 units;
/// <see cref="ToCodePoints(TextSpan)"/> turns them into code points, by which tokenizers give offsets.
/// </remarks>
public sealed class RenderedText
{
    int[]? pairs;

    internal RenderedText(MarkedText text, IReadOnlyList<string>? unused = null)
    {
        Text = text.Value;
        Unused = unused ?? [];
        Origins = [.. text.Marks.Where(mark => mark.Origin.Source != TextSource.Generation).OrderBy(mark => mark.Start)];
        Generated = Union(text.Marks.Where(mark => mark.Origin.Source == TextSource.Generation));
        Foreign = Union(Origins);
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>What wrote which stretch, in order; what none covers the template wrote.</summary>
    public IReadOnlyList<TextMark> Origins { get; }

    /// <summary>The stretches that came from messages, tools and documents, in order and apart: none of their characters is part of a
    /// control token.</summary>
    public IReadOnlyList<TextSpan> Foreign { get; }

    /// <summary>Whether a filter has rewritten some text so that what came from where is no longer known; all of it counts as
    /// foreign.</summary>
    public bool IsUncertain => Origins.Any(mark => mark.Origin.Source == TextSource.Unknown);

    /// <summary>The stretches between {% generation %} and {% endgeneration %}, in order and apart.</summary>
    public IReadOnlyList<TextSpan> Generated { get; }

    /// <summary>Variables that were given and that the template does not ask for.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>A stretch in code points.</summary>
    public TextSpan ToCodePoints(TextSpan units) => new(ToCodePoints(units.Start), ToCodePoints(units.End));

    /// <summary>A place in code points.</summary>
    public int ToCodePoints(int unit)
    {
        pairs ??= [.. Pairs()];
        int before = Array.BinarySearch(pairs, unit);
        return unit - (before < 0 ? ~before : before);
    }

    /// <summary>The tokens of the text: control tokens are recognised in what the template wrote, and nowhere else.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="addSpecials">Whether begin and end tokens are added, which most templates write themselves.</param>
    public TokenizedText Encode(TextTokenizer tokenizer, bool addSpecials = false) => tokenizer.Encode(Text, Foreign, addSpecials);

    /// <summary>For each token 1 where it holds a character of one of some stretches, else 0.</summary>
    /// <param name="tokens">The tokens of this text.</param>
    /// <param name="stretches">The stretches, in UTF-16 units.</param>
    public IReadOnlyList<int> Mask(TokenizedText tokens, IReadOnlyList<TextSpan> stretches)
    {
        int[] mask = new int[tokens.Ids.Count];
        foreach (var (start, end) in stretches.Where(one => one.Length > 0).Select(ToCodePoints))
            for (int i = 0; i < mask.Length; i++)
            {
                var (first, behind) = tokens.Offsets[i];
                bool holds = tokens.Added[i] == 0 && first < end && behind > start;
                if (holds) mask[i] = 1;
            }
        return mask;
    }

    // Where the second halves of surrogate pairs stand.
    IEnumerable<int> Pairs()
    {
        for (int i = 1; i < Text.Length; i++)
            if (char.IsSurrogatePair(Text[i - 1], Text[i])) yield return i++;
    }

    internal RenderedText Cut(int start, int end)
    {
        var marks = Origins.Concat(Generated.Select(one => new TextMark(one.Start, one.End, new(TextSource.Generation))));
        return new(new MarkedText(Text, [.. marks]).Part(start, end - start), Unused);
    }

    static List<TextSpan> Union(IEnumerable<TextMark> marks)
    {
        var union = new List<TextSpan>();
        foreach (var mark in marks.OrderBy(mark => mark.Start))
        {
            bool goesOn = union.Count > 0 && mark.Start <= union[^1].End;
            if (goesOn) union[^1] = union[^1] with { End = Math.Max(union[^1].End, mark.End) };
            else union.Add(new(mark.Start, mark.End));
        }
        return union;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
