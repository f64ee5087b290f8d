using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Workbench;

/// <summary>The layers of one block of the model, as their names tell it: for people, in any spelling.</summary>
/// <param name="Name">"down 1", "mid", "up 2" of diffusers, "in 4", "mid", "out 5" of LDM, "text layer 3", "layer 7" of a
/// language model, or the component.</param>
/// <param name="Layers">How many.</param>
/// <param name="Norm">Frobenius norm of their changes together; null where none was measured.</param>
public sealed partial record BlockFacts(string Name, int Layers, double? Norm)
{
    readonly record struct Place(int Order, string Block, int? Number)
    {
        public override string ToString() => Number is { } number ? $"{Block} {number}" : Block;
    }

    /// <summary>The blocks of an adapter, in the order of the model.</summary>
    internal static IReadOnlyList<BlockFacts> Of(IReadOnlyList<AdapterModule> modules) =>
    [
        .. modules.GroupBy(module => PlaceOf(module.Name))
            .OrderBy(g => g.Key.Order).ThenBy(g => g.Key.Number).ThenBy(g => g.Key.Block, StringComparer.Ordinal)
            .Select(g => new BlockFacts(g.Key.ToString(), g.Count(), NormOf(g))),
    ];

    /// <summary>The norm of several changes together; null where none was measured.</summary>
    internal static double? NormOf(IEnumerable<AdapterModule> modules)
    {
        var norms = modules.Select(m => m.Norm).OfType<double>().ToList();
        return norms.Count > 0 ? Math.Sqrt(norms.Sum(n => n * n)) : null;
    }

    static Place PlaceOf(string name)
    {
        if (Numbered().Match(name) is { Success: true } block) return PlaceOfBlock(block);
        if (Text().Match(name) is { Success: true } layer) return PlaceOfTextLayer(name, layer);
        if (Rows().Match(name) is { Success: true } row) return new(4, $"{row.Groups[1].Value} layer".TrimStart(), Number(row));
        return new(5, OtherOf(name), null);
    }

    static Place PlaceOfBlock(Match block) => block.Groups[1].Value switch
    {
        "down" => new(2, "down", Number(block)),
        "input" => new(2, "in", Number(block)),
        "mid" or "middle" => new(3, "mid", null),
        "output" => new(4, "out", Number(block)),
        _ => new(4, "up", Number(block)),
    };

    static Place PlaceOfTextLayer(string name, Match layer) =>
        IsSecondText(name) ? new(1, "text 2 layer", Number(layer)) : new(0, "text layer", Number(layer));

    static bool IsSecondText(string name) => Has(name, "te2") || Has(name, "text_encoder_2");

    static string OtherOf(string name)
    {
        if (Has(name, "unet")) return "unet, other";
        bool isText = name.StartsWith("lora_te", StringComparison.Ordinal) || name.StartsWith("text_encoder", StringComparison.Ordinal);
        return isText ? "text, other" : "other";
    }

    static bool Has(string name, string part) => name.Contains(part, StringComparison.Ordinal);

    static int? Number(Match match) =>
        int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    [GeneratedRegex(@"(?:^|[._])(down|up|mid|input|output|middle)_blocks?(?:[._]([0-9]+))?")]
    private static partial Regex Numbered();

    // Layers of a language model, which T5 has two rows of.
    [GeneratedRegex(@"(?:^|\.)(?:(encoder|decoder)\.)?(?:layers|layer|h|blk|block)\.([0-9]+)\.")]
    private static partial Regex Rows();

    [GeneratedRegex(@"()encoder[._]layers[._]([0-9]+)")]
    private static partial Regex Text();
}
