using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>How many of E2E's facts a text tells: of <c>area[city centre], familyFriendly[no]</c> each by its own words, or as people say
/// it in other words.</summary>
/// <remarks>A rule of ours, by the eight slots of the data; the challenge has no such measure.</remarks>
public static partial class ToldFacts
{
    // A high rating is no high price: a word of degree stands near what it is said of.
    const string Price = "pric|cost|expens|cheap", Rating = "rat(ed|ing)|customer|review|rank|scor|star|quality";

    // Words that tell a price by themselves, and words that do so near one that is of prices.
    static readonly Dictionary<string, (string Alone, string Near)> priced = new()
    {
        ["cheap"] = ("cheap|inexpensive|affordable", "low"),
        ["less than £20"] = ("(less than|under|below|up to) £? ?20|cheap|inexpensive|affordable", "low|20"),
        ["moderate"] = ("reasonably priced|mid-?priced", "moderate|average|mid|reasonabl|fair"),
        ["£20-25"] = ("£? ?20 ?(-|–|to|and) ?£? ?25", "moderate|average|mid"),
        ["more than £30"] = ("(more than|over|above) £? ?30|expensive|pricey", "high|30"),
        ["high"] = ("expensive|pricey", "high|upper"),
    };

    static readonly Dictionary<string, string> rated = new()
    {
        ["low"] = "low|poor|bad|1|one", ["1 out of 5"] = "1|one|low|poor", ["average"] = "average|3|three|decent|moderate|mediocre",
        ["3 out of 5"] = "3|three|average|decent|moderate", ["high"] = "high|5|five|excellent|great|good|top",
        ["5 out of 5"] = "5|five|high|excellent|great|top|perfect",
    };

    /// <summary>The facts of a meaning representation; empty where the text is none.</summary>
    public static IReadOnlyList<(string Slot, string Value)> Of(string representation)
    {
        var matches = Fact().Matches(representation);
        int told = matches.Sum(match => match.Length) + 2 * Math.Max(0, matches.Count - 1);   // with ", " between them
        if (told < representation.Trim().Length) return [];
        return [.. matches.Select(one => (one.Groups[1].Value.Trim(), one.Groups[2].Value.Trim()))];
    }

    /// <summary>Whether a text tells a fact.</summary>
    public static bool IsTold(string slot, string value, string text)
    {
        string said = Plain(text), own = Plain(value);
        if (slot == "familyFriendly") return TellsFamilies(said) == (own == "yes");
        bool isDegree = slot is "priceRange" or "customer rating" && !own.Any(char.IsDigit);   // "high" may be said of the other one
        if (!isDegree && Holds(said, Regex.Escape(own))) return true;
        return slot switch
        {
            "priceRange" => priced.TryGetValue(own, out var words) && (Holds(said, words.Alone) || Near(said, words.Near, Price)),
            "customer rating" => rated.TryGetValue(own, out string? degree) && Near(said, degree, Rating),
            "area" => Holds(said, own == "city centre" ? "cent(re|er) of (the )?(city|town)|(city|town) cent(re|er)" : "river"),
            "eatType" => Holds(said, Regex.Escape(own.Replace(" ", "", StringComparison.Ordinal))),
            _ => false,
        };
    }

    // Null where nothing is said of families.
    static bool? TellsFamilies(string said)
    {
        bool? tells = null;
        foreach (string clause in Clauses().Split(said))
        {
            if (Holds(clause, "adults only|adult only")) tells = false;
            else if (Regex.IsMatch(clause, "famil|child|kid")) tells = !Regex.IsMatch(clause, Negation);
        }
        return tells;
    }

    const string Negation = @"\b(no|not|non|never|without|isn'?t|aren'?t|doesn'?t|don'?t|unfriendly|unsuitable|inappropriate)\b";

    static bool Holds(string text, string words) => Regex.IsMatch(text, $@"(?<!\w)({words})");

    static bool Near(string text, string words, string about)
    {
        const string few = @"(\W+\w+){0,4}\W+";
        return Regex.IsMatch(text, $@"(?<!\w)({words})\w*{few}({about})") || Regex.IsMatch(text, $@"(?<!\w)({about})\w*{few}({words})");
    }

    static string Plain(string text) => text.ToLowerInvariant().Replace('’', '\'').Replace("child-", "child ", StringComparison.Ordinal)
        .Replace("family-", "family ", StringComparison.Ordinal).Replace("non-", "non ", StringComparison.Ordinal);

    [GeneratedRegex(@"([A-Za-z][A-Za-z ]*)\[([^\]]*)\]")]
    private static partial Regex Fact();

    [GeneratedRegex(@"[.;!?,]| and | but | with ")]
    private static partial Regex Clauses();
}
