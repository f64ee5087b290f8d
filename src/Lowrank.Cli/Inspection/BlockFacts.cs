using System.Globalization;
using System.Text.RegularExpressions;
using Lowrank.Adapters;

namespace Lowrank.Cli;

/// <summary>The layers of one block of the model, as their names tell it: for people, in any spelling.</summary>
/// <param name="Name">"down 1", "mid", "up 2" of diffusers, "in 4", "mid", "out 5" of LDM, "text" with a layer's number, or the component.</param>
/// <param name="Layers">How many.</param>
/// <param name="Norm">Frobenius norm of their changes together; null where none was measured.</param>
sealed partial record BlockFacts(string Name, int Layers, double? Norm)
{
    /// <summary>The blocks of an adapter, in the order of the model.</summary>
    public static IReadOnlyList<BlockFacts> Of(IReadOnlyList<AdapterModule> modules) =>
        [.. modules.GroupBy(m => Place(m.Name)).OrderBy(g => g.Key.Order).ThenBy(g => g.Key.Number).ThenBy(g => g.Key.Block, StringComparer.Ordinal)
            .Select(g => new BlockFacts(g.Key.Number is { } number ? $"{g.Key.Block} {number}" : g.Key.Block, g.Count(), NormOf(g)))];

    /// <summary>The norm of several changes together; null where none was measured.</summary>
    public static double? NormOf(IEnumerable<AdapterModule> modules) =>
        modules.Select(m => m.Norm).OfType<double>().ToList() is { Count: > 0 } norms ? Math.Sqrt(norms.Sum(n => n * n)) : null;

    static (int Order, string Block, int? Number) Place(string name)
    {
        if (Numbered().Match(name) is { Success: true } match)
            return match.Groups[1].Value switch
            {
                "down" => (2, "down", Number(match)), "input" => (2, "in", Number(match)),
                "mid" or "middle" => (3, "mid", null),
                var block => (4, block == "output" ? "out" : "up", Number(match)),
            };
        if (Text().Match(name) is { Success: true } text) return (name.Contains("te2", StringComparison.Ordinal) || name.Contains("text_encoder_2", StringComparison.Ordinal) ? 1 : 0,
            name.Contains("te2", StringComparison.Ordinal) || name.Contains("text_encoder_2", StringComparison.Ordinal) ? "text 2 layer" : "text layer", Number(text));
        return (5, name.Contains("unet", StringComparison.Ordinal) ? "unet, other" : name.StartsWith("lora_te", StringComparison.Ordinal) || name.StartsWith("text_encoder", StringComparison.Ordinal) ? "text, other" : "other", null);
    }

    static int? Number(Match match) => int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    [GeneratedRegex(@"(?:^|[._])(down|up|mid|input|output|middle)_blocks?(?:[._]([0-9]+))?")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"()encoder[._]layers[._]([0-9]+)")]
    private static partial Regex Text();
}
