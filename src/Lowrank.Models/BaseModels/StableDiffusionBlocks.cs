using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>
/// The blocks of a UNet as kohya's scripts and LoRA block weight number them: IN00, MID, OUT11; BASE is the text encoders.
/// </summary>
static partial class StableDiffusionBlocks
{
    /// <summary>The block of text encoders.</summary>
    public const string Base = "BASE";

    /// <summary>
    /// The lists for the first and second generation: kohya's 25 (12 input blocks, the middle, 12 output blocks), and LoRA block weight's
    /// 26 and 17.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> First { get; } =
    [
        [.. In(0..12), "MID", .. Out(0..12)],
        [Base, .. In(0..12), "MID", .. Out(0..12)],
        [Base, "IN01", "IN02", "IN04", "IN05", "IN07", "IN08", "MID", .. Out(3..12)],
    ];

    /// <summary>The lists for XL: kohya's 23 (embeddings, 9, 3, 9, the end), and LoRA block weight's 20 and 12.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Large { get; } =
    [
        ["EMB", .. In(0..9), "MID0", "MID1", "MID2", .. Out(0..9), "END"],
        [Base, .. In(0..9), "MID", .. Out(0..9)],
        [Base, "IN04", "IN05", "IN07", "IN08", "MID", .. Out(0..6)],
    ];

    /// <summary>
    /// The block of a layer by its LDM path: "IN04", "MID1", "OUT11", "EMB" for embeddings of time and labels, "END" for the last layers.
    /// </summary>
    public static string? Of(string? ldm)
    {
        if (ldm is null) return null;
        if (Numbered().Match(ldm) is { Success: true } match)
        {
            int number = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            return match.Groups[1].Value switch { "input" => $"IN{number:00}", "output" => $"OUT{number:00}", _ => $"MID{number}" };
        }
        bool embeds = ldm.StartsWith("time_embed", StringComparison.Ordinal) || ldm.StartsWith("label_emb", StringComparison.Ordinal);
        if (embeds) return "EMB";
        return ldm.StartsWith("out.", StringComparison.Ordinal) ? "END" : null;
    }

    static IEnumerable<string> In(Range range) => Numbers(range).Select(n => $"IN{n:00}");

    static IEnumerable<string> Out(Range range) => Numbers(range).Select(n => $"OUT{n:00}");

    static IEnumerable<int> Numbers(Range range) => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value);

    [GeneratedRegex(@"^(input|middle|output)_blocks?\.([0-9]+)\.")]
    private static partial Regex Numbered();
}
