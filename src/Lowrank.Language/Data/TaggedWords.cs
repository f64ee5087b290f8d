namespace Lowrank.Language;

/// <summary>Words with a label each.</summary>
/// <param name="Words">The words.</param>
/// <param name="Tags">As many labels, as they are written.</param>
public sealed record TaggedWords(IReadOnlyList<string> Words, IReadOnlyList<string> Tags)
{
    readonly int[] ends = [.. Ends(Words)];

    /// <summary>The words with blanks between.</summary>
    public string Text => string.Join(' ', Words);

    /// <summary>The word that a code point of the text belongs to, by its place; a blank belongs to the word before it.</summary>
    public int WordAt(int place)
    {
        int found = Array.BinarySearch(ends, place + 1);
        return Math.Min(found >= 0 ? found : ~found, ends.Length - 1);
    }

    // Where each word and the blank behind it end, in code points.
    static IEnumerable<int> Ends(IReadOnlyList<string> words)
    {
        int end = 0;
        foreach (string word in words) yield return end += word.EnumerateRunes().Count() + 1;
    }
}
