using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>The orders in which diffusers and transformers have registered the layers that files may count.</summary>
/// <remarks>Source: cloneofsimo/lora lora_diffusion/lora.py at d84074b; diffusers 0.14 and 0.15, models/attention.py.</remarks>
static partial class DiffusersLayerOrders
{
    static readonly string[] blocks = ["down_blocks", "up_blocks", "mid_block"], groups = ["attentions", "resnets"];

    static readonly string[] layers = ["to_q", "to_k", "to_v", "to_out.0", "net.0.proj"];

    static readonly string[] resnet = ["conv1", "time_emb_proj", "conv2", "conv_shortcut"];

    static readonly string[] encoder = ["k_proj", "v_proj", "q_proj", "out_proj"];

    static readonly string[] attention = ["CrossAttention", "Attention"], feedForward = ["GEGLU"], residual = ["ResnetBlock2D"];

    /// <summary>A UNet's orders, the usual one first.</summary>
    public static IReadOnlyList<LayerOrder> OfUNet { get; } =
    [
        UNet(feedForwardSecond: false, projections: true, resnets: false),
        UNet(feedForwardSecond: true, projections: true, resnets: false),
        UNet(feedForwardSecond: false, projections: true, resnets: true),
        UNet(feedForwardSecond: true, projections: true, resnets: true),
        UNet(feedForwardSecond: false, projections: false, resnets: false),
    ];

    /// <summary>A text encoder's one order.</summary>
    public static IReadOnlyList<LayerOrder> OfTextEncoder { get; } = [new(["CLIPAttention"], PlaceInEncoder)];

    // A transformer block is attn1, ff, attn2 in diffusers up to 0.14, and attn1, attn2, ff since. Files differ in whether they count
    // GEGLU's projection and, in the extended form, the layers of ResnetBlock2D.
    static LayerOrder UNet(bool feedForwardSecond, bool projections, bool resnets)
    {
        string[] hosts = [.. attention, .. projections ? feedForward : [], .. resnets ? residual : []];
        return new(hosts, path => Place(path, feedForwardSecond, projections, resnets));
    }

    static IComparable? Place(string path, bool feedForwardSecond, bool projections, bool resnets)
    {
        if (UNetPath().Match(path) is not { Success: true } found) return null;
        int block = Array.IndexOf(blocks, found.Groups["block"].Value), group = Array.IndexOf(groups, found.Groups["group"].Value);
        int level = Number(found, "level"), index = Number(found, "index");
        string rest = found.Groups["rest"].Value;
        if (group == Array.IndexOf(groups, "resnets"))
            return resnets && Array.IndexOf(resnet, rest) is >= 0 and var at ? (block, level, group, index, 0, 0, at) : null;
        return PlaceInTransformer(rest, feedForwardSecond, projections) is var (number, module, layer)
            ? (block, level, group, index, number, module, layer) : null;
    }

    static (int Number, int Module, int Layer)? PlaceInTransformer(string path, bool feedForwardSecond, bool projections)
    {
        if (TransformerPath().Match(path) is not { Success: true } found) return null;
        string name = found.Groups["module"].Value;
        int module = name switch { "attn1" => 0, "attn2" => feedForwardSecond ? 2 : 1, _ => feedForwardSecond ? 1 : 2 };
        int layer = Array.IndexOf(layers, found.Groups["layer"].Value);
        bool inFeedForward = name == "ff", isProjection = layer == layers.Length - 1;
        if (layer < 0 || inFeedForward != isProjection) return null;
        return isProjection && !projections ? null : (Number(found, "index"), module, layer);
    }

    static IComparable? PlaceInEncoder(string path)
    {
        var found = EncoderPath().Match(path);
        return found.Success ? (Number(found, "index"), Array.IndexOf(encoder, found.Groups["layer"].Value)) : null;
    }

    static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true, Value: var text } ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<block>down_blocks|up_blocks|mid_block)\.((?<level>\d+)\.)?(?<group>attentions|resnets)\.(?<index>\d+)\.(?<rest>.+)$")]
    private static partial Regex UNetPath();

    [GeneratedRegex(@"^transformer_blocks\.(?<index>\d+)\.(?<module>attn1|attn2|ff)\.(?<layer>.+)$")]
    private static partial Regex TransformerPath();

    [GeneratedRegex(@"^(text_model\.)?encoder\.layers\.(?<index>\d+)\.self_attn\.(?<layer>[kvq]_proj|out_proj)$")]
    private static partial Regex EncoderPath();
}
