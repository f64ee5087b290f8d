using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>A weight of single layers in some blocks, in place of the block's, by the presets of the extension LoRA block weight.</summary>
/// <remarks>Source: hako-mikan/sd-webui-lora-block-weight at b403cb7, ELEMPRESETS and ratiodealer.</remarks>
public sealed class BlockElements
{
    // From the fifth input block over the middle to the fifth output block.
    const int Deep = 5;

    readonly string layer;
    readonly double weight;

    BlockElements(string layer, double weight) => (this.layer, this.weight) = (layer, weight);

    /// <summary>The presets by their names.</summary>
    public static IReadOnlyDictionary<string, BlockElements> Presets { get; } = new Dictionary<string, BlockElements>
    {
        ["ATTNDEEPON"] = new("attn", 1),
        ["ATTNDEEPOFF"] = new("attn", 0),
        ["PROJDEEPOFF"] = new("proj", 0),
    };

    /// <summary>A preset by its name.</summary>
    /// <exception cref="LowrankException">There is none of that name.</exception>
    public static BlockElements Named(string name) => Presets.GetValueOrDefault(name) ?? throw new LowrankException(
        $"\"{name}\" is no preset of elements of blocks. There are {string.Join(", ", Presets.Keys)}.");

    /// <summary>The weight of a layer; null where the block's counts.</summary>
    /// <param name="path">The layer's path, as diffusers names it.</param>
    /// <param name="block">Its block; null for none.</param>
    public double? For(string path, string? block)
    {
        if (block is null || !IsDeep(block)) return null;
        // What diffusers calls so is emb_layers where the extension looks.
        string own = path.Replace("time_emb_proj", "emb_layers", StringComparison.Ordinal);
        return own.Contains(layer, StringComparison.Ordinal) ? weight : null;
    }

    static bool IsDeep(string block)
    {
        if (block.StartsWith("MID", StringComparison.Ordinal)) return true;
        bool isIn = block.StartsWith("IN", StringComparison.Ordinal), isOut = block.StartsWith("OUT", StringComparison.Ordinal);
        if (!isIn && !isOut) return false;
        int number = int.Parse(block.AsSpan(isIn ? 2 : 3), CultureInfo.InvariantCulture);
        return isIn ? number >= Deep : number <= Deep;
    }
}
