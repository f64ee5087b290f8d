namespace Lowrank.Language;

/// <summary>Snowball's English stemmer ("Porter2"), which METEOR compares words by. Source: snowballstem.org, "English".</summary>
public static class EnglishStemmer
{
    static readonly Dictionary<string, string> exceptions = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["idly"] = "idl",
        ["gently"] = "gentl",
        ["ugly"] = "ugli", ["early"] = "earli", ["only"] = "onli", ["singly"] = "singl", ["sky"] = "sky", ["news"] = "news",
        ["howe"] = "howe",
        ["atlas"] = "atlas", ["cosmos"] = "cosmos", ["bias"] = "bias", ["andes"] = "andes",
    };

    static readonly HashSet<string> finished = new(StringComparer.Ordinal)
    {
        "inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed",
    };

    // Longest first.
    static readonly (string Ending, string Instead)[] second =
    [
        ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"), ("biliti", "ble"),
        ("lessli", "less"),
        ("tional", "tion"), ("alism", "al"), ("aliti", "al"), ("ation", "ate"), ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"),
        ("ousli", "ous"), ("abli", "able"), ("alli", "al"), ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"),
        ("bli", "ble"),
    ];

    static readonly (string Ending, string Instead)[] third =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""),
        ("ful", ""),
    ];

    static readonly string[] fourth =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic",
    ];

    /// <summary>The stem of a word in lower case.</summary>
    public static string Stem(string word)
    {
        if (word.Length <= 2) return word;
        word = word.TrimStart('\'').Replace('’', '\'');
        if (exceptions.TryGetValue(word, out var stem)) return stem;
        if (word.Length <= 2) return word;
        // A y that is a consonant is written Y.
        word = MarkY(word);
        int first = Region(word, FirstRegionStart(word));
        int later = Region(word, first);
        word = Possessive(word);
        word = FirstA(word);
        if (finished.Contains(word)) return word;
        word = FirstB(word, first);
        word = FirstC(word);
        word = Second(word, first);
        word = Third(word, first, later);
        word = Fourth(word, later);
        return Fifth(word, first, later).Replace('Y', 'y');
    }

    static string MarkY(string word)
    {
        var letters = word.ToCharArray();
        for (int i = 0; i < letters.Length; i++)
            if (letters[i] == 'y' && (i == 0 || IsVowel(letters[i - 1]))) letters[i] = 'Y';
        return new(letters);
    }

    static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    static int FirstRegionStart(string word)
    {
        foreach (string start in new[] { "gener", "commun", "arsen" })
            if (word.StartsWith(start, StringComparison.Ordinal)) return -start.Length;
        return 0;
    }

    // Where what follows the first consonant after a vowel begins; a negative start is the place itself.
    static int Region(string word, int start)
    {
        if (start < 0) return -start;
        for (int i = start + 1; i < word.Length; i++)
            if (!IsVowel(word[i]) && IsVowel(word[i - 1])) return i + 1;
        return word.Length;
    }

    static bool Ends(string word, string ending) => word.EndsWith(ending, StringComparison.Ordinal);

    static bool In(string word, string ending, int region) => word.Length - ending.Length >= region;

    static string Possessive(string word)
    {
        foreach (string ending in new[] { "'s'", "'s", "'" })
            if (Ends(word, ending)) return word[..^ending.Length];
        return word;
    }

    static string FirstA(string word)
    {
        if (Ends(word, "sses")) return word[..^2];
        if (Ends(word, "ied") || Ends(word, "ies")) return word.Length > 4 ? word[..^2] : word[..^1];
        if (Ends(word, "us") || Ends(word, "ss") || !Ends(word, "s")) return word;
        return word[..^2].Any(IsVowel) ? word[..^1] : word;
    }

    static string FirstB(string word, int region)
    {
        foreach (string ending in new[] { "eedly", "eed" })
            if (Ends(word, ending)) return In(word, ending, region) ? word[..^ending.Length] + "ee" : word;
        foreach (string ending in new[] { "ingly", "edly", "ing", "ed" })
            if (Ends(word, ending))
            {
                string stem = word[..^ending.Length];
                return stem.Any(IsVowel) ? AfterEd(stem, region) : word;
            }
        return word;
    }

    static string AfterEd(string stem, int region)
    {
        if (Ends(stem, "at") || Ends(stem, "bl") || Ends(stem, "iz")) return stem + "e";
        bool isDouble = stem.Length > 1 && stem[^1] == stem[^2] && "bdfgmnprt".Contains(stem[^1]);
        if (isDouble) return stem[..^1];
        return region >= stem.Length && EndsShort(stem) ? stem + "e" : stem;
    }

    static bool EndsShort(string word)
    {
        if (word.Length == 2) return IsVowel(word[0]) && !IsVowel(word[1]);
        if (word.Length < 3 || word[^1] is 'w' or 'x' or 'Y') return false;
        return !IsVowel(word[^3]) && IsVowel(word[^2]) && !IsVowel(word[^1]);
    }

    static string FirstC(string word)
    {
        bool changes = word.Length > 2 && word[^1] is 'y' or 'Y' && !IsVowel(word[^2]);
        return changes && word.Length > 2 ? word[..^1] + "i" : word;
    }

    static string Second(string word, int region)
    {
        foreach (var (ending, instead) in second)
            if (Ends(word, ending)) return In(word, ending, region) ? word[..^ending.Length] + instead : word;
        if (Ends(word, "ogi")) return In(word, "ogi", region) && Ends(word, "logi") ? word[..^1] : word;
        if (!Ends(word, "li") || word.Length < 3) return word;
        return In(word, "li", region) && "cdeghkmnrt".Contains(word[^3]) ? word[..^2] : word;
    }

    static string Third(string word, int first, int later)
    {
        foreach (var (ending, instead) in third)
            if (Ends(word, ending)) return In(word, ending, first) ? word[..^ending.Length] + instead : word;
        return Ends(word, "ative") && In(word, "ative", later) ? word[..^5] : word;
    }

    static string Fourth(string word, int region)
    {
        foreach (string ending in fourth)
            if (Ends(word, ending))
            {
                if (!In(word, ending, region)) return word;
                string stem = word[..^ending.Length];
                bool fits = ending != "ion" || (stem.Length > 0 && stem[^1] is 's' or 't');
                return fits ? stem : word;
            }
        return word;
    }

    static string Fifth(string word, int first, int later)
    {
        if (Ends(word, "e"))
        {
            bool cut = In(word, "e", later) || (In(word, "e", first) && !EndsShort(word[..^1]));
            return cut ? word[..^1] : word;
        }
        return Ends(word, "ll") && In(word, "l", later) ? word[..^1] : word;
    }
}
