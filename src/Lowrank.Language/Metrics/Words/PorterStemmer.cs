namespace Lowrank.Language;

/// <summary>
/// Porter's stemmer (1980) with the changes that NLTK makes to it by default, which rouge-score and NLTK's METEOR compare words by.
/// </summary>
public static class PorterStemmer
{
    static readonly Dictionary<string, string> irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news",
        ["innings"] = "inning", ["inning"] = "inning", ["outings"] = "outing", ["outing"] = "outing",
        ["cannings"] = "canning", ["canning"] = "canning", ["howe"] = "howe",
        ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    // Endings with what takes their place where a measure above zero is left; the first that fits decides.
    static readonly (string Ending, string Instead)[] second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    static readonly (string Ending, string Instead)[] third =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    static readonly string[] fourth =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive",
        "ize",
    ];

    /// <summary>The stem of a word, in lower case.</summary>
    public static string Stem(string word)
    {
        word = word.ToLowerInvariant();
        if (irregular.TryGetValue(word, out var stem)) return stem;
        if (word.Length <= 2) return word;
        word = FirstA(word);
        word = FirstB(word);
        word = FirstC(word);
        word = Second(word);
        word = Replaced(word, third);
        word = Fourth(word);
        return FifthB(FifthA(word));
    }

    static string FirstA(string word)
    {
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length == 4) return word[..^3] + "ie";
        if (Ends(word, "sses")) return word[..^2];
        if (Ends(word, "ies")) return word[..^2];
        if (Ends(word, "ss")) return word;
        return Ends(word, "s") ? word[..^1] : word;
    }

    static string FirstB(string word)
    {
        if (Ends(word, "ied")) return word.Length == 4 ? word[..^3] + "ie" : word[..^3] + "i";
        if (Ends(word, "eed")) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        string? stem = null;
        foreach (string ending in new[] { "ed", "ing" })
            if (stem is null && Ends(word, ending) && HasVowel(word[..^ending.Length])) stem = word[..^ending.Length];
        return stem is null ? word : AfterEd(stem);
    }

    static string AfterEd(string stem)
    {
        if (Ends(stem, "at") || Ends(stem, "bl") || Ends(stem, "iz")) return stem + "e";
        if (EndsDouble(stem)) return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem;
    }

    static string FirstC(string word)
    {
        bool changes = Ends(word, "y") && word.Length > 2 && IsConsonant(word, word.Length - 2);
        return changes ? word[..^1] + "i" : word;
    }

    static string Second(string word)
    {
        if (Ends(word, "alli") && Measure(word[..^4]) > 0) return Second(word[..^2]);
        // The l of "logi" counts as the stem's, so that short ones ("geo", "theo") are cut like long ones.
        if (second.All(rule => !Ends(word, rule.Ending)) && Ends(word, "logi")) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        return Replaced(word, second);
    }

    static string Replaced(string word, (string Ending, string Instead)[] rules)
    {
        foreach (var (ending, instead) in rules)
            if (Ends(word, ending))
            {
                string stem = word[..^ending.Length];
                return Measure(stem) > 0 ? stem + instead : word;
            }
        return word;
    }

    static string Fourth(string word)
    {
        foreach (string ending in fourth)
            if (Ends(word, ending))
            {
                string stem = word[..^ending.Length];
                bool fits = Measure(stem) > 1 && (ending != "ion" || stem[^1] is 's' or 't');
                return fits ? stem : word;
            }
        return word;
    }

    static string FifthA(string word)
    {
        if (!Ends(word, "e")) return word;
        string stem = word[..^1];
        int measure = Measure(stem);
        return measure > 1 || (measure == 1 && !EndsShort(stem)) ? stem : word;
    }

    static string FifthB(string word) => Ends(word, "ll") && Measure(word[..^1]) > 1 ? word[..^1] : word;

    static bool Ends(string word, string ending) => word.EndsWith(ending, StringComparison.Ordinal);

    static bool IsConsonant(string word, int at)
    {
        if (word[at] is 'a' or 'e' or 'i' or 'o' or 'u') return false;
        if (word[at] != 'y') return true;
        return at == 0 || !IsConsonant(word, at - 1);
    }

    // How often a vowel is followed by a consonant.
    static int Measure(string stem)
    {
        int measure = 0;
        for (int i = 1; i < stem.Length; i++)
            if (IsConsonant(stem, i) && !IsConsonant(stem, i - 1)) measure++;
        return measure;
    }

    static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(at => !IsConsonant(stem, at));

    static bool EndsDouble(string word) => word.Length > 1 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    // Consonant, vowel, consonant (none of w, x, y); or, of two letters, vowel and consonant.
    static bool EndsShort(string word)
    {
        if (word.Length == 2) return !IsConsonant(word, 0) && IsConsonant(word, 1);
        if (word.Length < 3 || word[^1] is 'w' or 'x' or 'y') return false;
        return IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1);
    }
}
