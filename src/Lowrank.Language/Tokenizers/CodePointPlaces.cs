namespace Lowrank.Language;

/// <summary>Places in a text counted in code points.</summary>
readonly struct CodePointPlaces
{
    // Null where every unit is a code point.
    readonly int[]? places;

    /// <summary>The places of a text.</summary>
    /// <exception cref="LowrankException">It holds half of a surrogate pair.</exception>
    public CodePointPlaces(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return;
        places = new int[text.Length + 1];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            places[i] = count++;
            if (!char.IsSurrogate(text[i])) continue;
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (!isPair)
                throw new LowrankException($"The text holds half of a surrogate pair, U+{(int)text[i]:X4}, at unit {i}: that is no text. " +
                    "Was it cut within a character?");
            places[++i] = count - 1;
        }
        places[text.Length] = count;
    }

    /// <summary>A stretch of UTF-16 units as one of code points.</summary>
    public TextSpan Of(TextSpan units) => places is null ? units : new TextSpan(places[units.Start], places[units.End]);
}
