using System.Net;
using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>Texts for HTML, as markupsafe makes them.</summary>
static partial class HtmlText
{
    /// <summary>The text escaped, unless it is already.</summary>
    public static MarkedText Escaped(MarkedText text) => text.IsMarkup ? text : Forced(text);

    /// <summary>The text escaped, though it may be already.</summary>
    public static MarkedText Forced(MarkedText text) => text.Mapped(Entity).As(true);

    static string? Entity(int point) => point switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '\'' => "&#39;",
        '"' => "&#34;",
        _ => null,
    };

    /// <summary>The text without tags and comments, its entities read, its blanks as one each.</summary>
    public static MarkedText WithoutTags(MarkedText text)
    {
        string bare = Tags().Replace(Comments().Replace(text.Value, ""), "");
        string[] words = bare.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return MarkedText.Made(WebUtility.HtmlDecode(string.Join(' ', words)), text);
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("<.*?>", RegexOptions.Singleline)]
    private static partial Regex Tags();
}
