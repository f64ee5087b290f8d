namespace Lowrank.Language;

/// <summary>What a text is searched for: a regex, a string, a class of code points.</summary>
abstract class TextPattern
{
    /// <summary>Appends the matches within a piece of a text, in order; the piece is all that a match may look at.</summary>
    public abstract void Find(string text, TextSpan piece, List<TextSpan> matches);

    /// <summary>The matches within a whole text.</summary>
    public List<TextSpan> Find(string text)
    {
        var matches = new List<TextSpan>();
        Find(text, new TextSpan(0, text.Length), matches);
        return matches;
    }
}
