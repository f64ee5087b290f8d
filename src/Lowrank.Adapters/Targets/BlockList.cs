using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>One number for each block of a UNet: ranks, alphas, factors of the learning rate.</summary>
/// <remarks>
/// Lists that are known by their length. kohya's block_dims: 25 for SD 1 and 2 (12 input blocks, the middle, 12
/// output blocks), 23 for SDXL (embeddings, 9, 3, 9, the end).
/// LoRA block weight's: 26 (BASE, IN00-11, MID, OUT00-11), 17 (BASE, IN01 02 04 05 07 08, MID, OUT03-11), for SDXL 20 (BASE, IN00-08, MID,
/// OUT00-08) and 12 (BASE, IN04 05 07 08, MID, OUT00-05); BASE is the text encoders.
/// </remarks>
public sealed partial class BlockList
{
    readonly Dictionary<string, double> values;

    BlockList(Dictionary<string, double> values) => this.values = values;

    /// <summary>A list of values for a family of models.</summary>
    /// <param name="field">What they are, for errors.</param>
    /// <param name="numbers">One for each block.</param>
    /// <param name="family">"sd1", "sd2", "sdxl".</param>
    /// <param name="signed">Whether values below 0 are allowed, as strengths are.</param>
    /// <exception cref="LowrankException">No list of that length is known for the family, or a value is below 0.</exception>
    public static BlockList Of(string field, IReadOnlyList<double> numbers, string family, bool signed = false)
    {
        var known = family == "sdxl" ? xl : one;
        var names = known.FirstOrDefault(k => k.Length == numbers.Count);
        if (names is null)
        {
            string lengths = string.Join(", ", known.Select(k => k.Length));
            throw new LowrankException($"{field} has {numbers.Count} values, and for {family} there are lists of {lengths}");
        }
        bool IsAllowed(double number) => double.IsFinite(number) && (signed || number >= 0);
        double wrong = numbers.FirstOrDefault(number => !IsAllowed(number), 0);
        if (wrong != 0) throw Unusable(field, wrong, signed ? "finite number" : "number of 0 or more");
        return new(names.Zip(numbers).ToDictionary());
    }

    /// <summary>The value for a layer; null where the list does not name its block.</summary>
    public double? For(TargetPlace place)
    {
        if (BlockOf(place) is not { } block) return null;
        if (values.TryGetValue(block, out double value)) return value;
        return block[0] == 'M' && values.TryGetValue("MID", out double middle) ? middle : null;
    }

    static LowrankException Unusable(string field, double value, string wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{field} holds {value}, which is no {wanted}"));

    /// <summary>
    /// The block of a layer: "BASE" for text encoders, "IN04", "MID1", "OUT11", "EMB" for embeddings of time and
    /// labels, "END" for the last layers; null for what is in none.
    /// </summary>
    public static string? BlockOf(TargetPlace place)
    {
        if (place.Component.StartsWith("text_encoder", StringComparison.Ordinal)) return "BASE";
        if (!place.OtherNames.TryGetValue("ldm", out var path)) return null;
        if (Numbered().Match(path) is { Success: true } match)
        {
            int number = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            return match.Groups[1].Value switch { "input" => $"IN{number:00}", "output" => $"OUT{number:00}", _ => $"MID{number}" };
        }
        if (path.StartsWith("time_embed", StringComparison.Ordinal) || path.StartsWith("label_emb", StringComparison.Ordinal)) return "EMB";
        return path.StartsWith("out.", StringComparison.Ordinal) ? "END" : null;
    }

    [GeneratedRegex(@"^(input|middle|output)_blocks?\.([0-9]+)\.")]
    private static partial Regex Numbered();

    static readonly string[][] one =
    [
        [.. In(0..12), "MID", .. Out(0..12)],
        ["BASE", .. In(0..12), "MID", .. Out(0..12)],
        ["BASE", "IN01", "IN02", "IN04", "IN05", "IN07", "IN08", "MID", .. Out(3..12)],
    ];

    static readonly string[][] xl =
    [
        ["EMB", .. In(0..9), "MID0", "MID1", "MID2", .. Out(0..9), "END"],
        ["BASE", .. In(0..9), "MID", .. Out(0..9)],
        ["BASE", "IN04", "IN05", "IN07", "IN08", "MID", .. Out(0..6)],
    ];

    static IEnumerable<string> In(Range range) => Numbers(range).Select(n => $"IN{n:00}");

    static IEnumerable<string> Out(Range range) => Numbers(range).Select(n => $"OUT{n:00}");

    static IEnumerable<int> Numbers(Range range) => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value);
}
