namespace Lowrank.Workbench;

/// <summary>What a job of a web UI made.</summary>
/// <param name="Pictures">The pictures, each with its text.</param>
/// <param name="Prompts">What was said for each, styles included.</param>
/// <param name="NegativePrompts">The same of the negative prompts.</param>
/// <param name="Seeds">The seed of each.</param>
/// <param name="Subseeds">The variation seed of each.</param>
/// <param name="Comments">What was passed over, and why, a sentence each.</param>
public sealed record WebUiAnswer(
    IReadOnlyList<Picture> Pictures,
    IReadOnlyList<string> Prompts,
    IReadOnlyList<string> NegativePrompts,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<long> Subseeds,
    IReadOnlyList<string> Comments)
{
    /// <summary>The texts of the pictures.</summary>
    public IReadOnlyList<string> InfoTexts => [.. Pictures.Select(picture => picture.InfoText!)];

    /// <summary>The first picture alone.</summary>
    internal WebUiAnswer First => new(
        [Pictures[0]], [Prompts[0]], [NegativePrompts[0]], [Seeds[0]], [Subseeds[0]], Comments);

    /// <summary>Several in one, with what is to be told of all.</summary>
    internal static WebUiAnswer Joined(IReadOnlyList<WebUiAnswer> all, IEnumerable<string> comments) => new(
        [.. all.SelectMany(one => one.Pictures)], [.. all.SelectMany(one => one.Prompts)], [.. all.SelectMany(one => one.NegativePrompts)],
        [.. all.SelectMany(one => one.Seeds)], [.. all.SelectMany(one => one.Subseeds)], [.. comments.Distinct()]);
}
