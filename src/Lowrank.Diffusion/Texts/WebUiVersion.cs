using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>A version of AUTOMATIC1111 as its texts name it: "v1.10.1", or "v1.7.0-224-gabcdef01", 224 changes later.</summary>
/// <remarks>
/// Ordered as Python's packaging does (PEP 440): before a release its candidates, after it what is posted. Source:
/// modules/infotext_versions.py at 82a973c.
/// </remarks>
public sealed partial class WebUiVersion
{
    readonly long[] release;
    readonly long epoch, post, dev;
    readonly (int Letter, long Number) candidate;

    WebUiVersion(Match match)
    {
        epoch = Number(match, "epoch") ?? 0;
        release = [.. match.Groups["release"].Value.Split('.').Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
        bool isCandidate = match.Groups["pre"].Success, isPosted = match.Groups["post"].Success, isInWork = match.Groups["dev"].Success;
        post = isPosted ? Number(match, "posts") ?? 0 : -1;
        dev = isInWork ? Number(match, "devs") ?? 0 : long.MaxValue;
        // What is in work towards a release comes before its candidates.
        bool isEarliest = !isCandidate && !isPosted && isInWork;
        candidate = isEarliest ? (-1, 0) : isCandidate ? (Letter(match.Groups["pre"].Value), Number(match, "pres") ?? 0) : (3, 0);
    }

    /// <summary>The version; null where the text is none.</summary>
    public static WebUiVersion? Read(string? text)
    {
        if (text is null) return null;
        var described = Described().Match(text);
        var match = Form().Match(described.Success ? described.Groups[1].Value : text);
        return match.Success ? new(match) : null;
    }

    /// <summary>Whether this comes before a version.</summary>
    public bool IsBefore(string version) => Order(Read(version)!) < 0;

    /// <summary>Whether this comes after a version.</summary>
    public bool IsAfter(string version) => Order(Read(version)!) > 0;

    int Order(WebUiVersion other)
    {
        if (epoch != other.epoch) return epoch.CompareTo(other.epoch);
        for (int i = 0; i < Math.Max(release.Length, other.release.Length); i++)
        {
            int part = release.ElementAtOrDefault(i).CompareTo(other.release.ElementAtOrDefault(i));
            if (part != 0) return part;
        }
        return (candidate, post, dev).CompareTo((other.candidate, other.post, other.dev));
    }

    static long? Number(Match match, string group) =>
        long.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    static int Letter(string word) => char.ToLowerInvariant(word[0]) switch { 'a' => 0, 'b' => 1, _ => 2 };

    // "v1.7.0-224-gabcdef01": what git describes.
    [GeneratedRegex("^([^-]+-[^-]+)-.*")]
    private static partial Regex Described();

    [GeneratedRegex("""
        ^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)
        (?:[-_.]?(?<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<pres>\d+)?)?
        (?<post>-(?<posts>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<posts>\d+)?)?
        (?<dev>[-_.]?dev[-_.]?(?<devs>\d+)?)?
        (?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\s*$
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Form();
}
