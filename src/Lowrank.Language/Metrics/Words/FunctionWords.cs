namespace Lowrank.Language;

/// <summary>
/// English words so frequent that METEOR 1.5 counts a match of them for less: those that make up more than a thousandth of running text,
/// marks among them. METEOR's own list is not at hand: this one was made of that rule, less the point, "with" and "from", which its scores
/// show to be no such words.
/// </summary>
public static class FunctionWords
{
    static readonly HashSet<string> words = new(StringComparer.Ordinal)
    {
        ",", "\"", "'", "-", "(", ")", ":", ";", "?", "$", "%", "&", "s", "'s", "t", "'t",
        "the", "of", "to", "and", "in", "a", "that", "is", "for", "on", "it", "as", "was", "he", "be", "by", "at", "i", "are",
        "this",
        "have", "has", "not", "we", "an", "but", "they", "which", "his", "will", "you", "or", "their", "were", "been", "who",
        "there",
        "had", "would", "more", "all", "its", "said", "one", "can", "if", "about", "also", "out", "up", "what", "do", "so", "our", "when",
        "my",
        "no", "people", "other", "new", "than", "two", "her", "she", "into", "some", "after", "first", "us", "time", "year", "only", "like",
        "these", "them", "him", "over", "now", "because", "last", "most", "mr", "years", "could", "just", "should", "must", "very", "any",
        "me", "your", "how", "even", "between", "many", "those", "where", "may", "such",
    };

    /// <summary>Whether a word in lower case is one.</summary>
    public static bool Holds(string word) => words.Contains(word);
}
