using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Patterns of names as Python's fnmatch has them: * for anything, ? for a character, [ab] and [!ab] for one of some.</summary>
static class WildcardPattern
{
    /// <summary>What a whole name must match.</summary>
    public static Regex Of(string pattern)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '[' ? EndOf(pattern, i) : -1;
            regex.Append(pattern[i] switch
            {
                '*' => ".*",
                '?' => ".",
                '[' when end > 0 => OneOf(pattern[(i + 1)..end]),
                var letter => Regex.Escape(letter.ToString()),
            });
            if (end > 0) i = end;
        }
        return new(regex.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    // A bracket may be the first of those that it holds.
    static int EndOf(string pattern, int start)
    {
        int first = start + (pattern[(start + 1)..].StartsWith('!') ? 3 : 2);
        return first < pattern.Length ? pattern.IndexOf(']', first) : -1;
    }

    static string OneOf(string letters)
    {
        bool isNot = letters.StartsWith('!');
        string bare = isNot ? letters[1..] : letters;
        string escaped = string.Concat(bare.Select(letter => @"\[]^".Contains(letter) ? $@"\{letter}" : letter.ToString()));
        return isNot ? $"[^{escaped}]" : $"[{escaped}]";
    }
}
