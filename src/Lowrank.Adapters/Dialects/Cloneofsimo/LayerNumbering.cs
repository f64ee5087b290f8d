using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>How cloneofsimo's files number a model's layers: those inside of certain modules, in the order in which diffusers and transformers register them.</summary>
/// <param name="FeedForwardSecond">Whether a transformer block is attn1, ff, attn2, as in diffusers up to 0.14, rather than attn1, attn2, ff.</param>
/// <param name="FeedForward">Whether GEGLU's projection is counted.</param>
/// <param name="Resnets">Whether the layers of ResnetBlock2D are counted, as in the extended form.</param>
/// <remarks>Source: cloneofsimo/lora lora_diffusion/lora.py at d84074b; diffusers 0.14 and 0.15, models/attention.py.</remarks>
sealed partial record LayerNumbering(bool FeedForwardSecond, bool FeedForward, bool Resnets)
{
    static readonly string[] blocks = ["down_blocks", "up_blocks", "mid_block"], groups = ["attentions", "resnets"],
        layers = ["to_q", "to_k", "to_v", "to_out.0", "net.0.proj"], resnet = ["conv1", "time_emb_proj", "conv2", "conv_shortcut"],
        encoder = ["k_proj", "v_proj", "q_proj", "out_proj"];

    static readonly string[] hosts = ["CrossAttention", "Attention"];
    const string GeGlu = "GEGLU", Resnet = "ResnetBlock2D", TextHost = "CLIPAttention";

    // The same component is asked for each of its targets.
    static readonly ConditionalWeakTable<ModelComponent, Dictionary<LayerNumbering, IReadOnlyDictionary<string, int>>> known = [];

    /// <summary>As files are written, for layers that are adapted.</summary>
    public static LayerNumbering Written(IEnumerable<string> paths) => new(false, true, paths.Any(path => path.Contains(".resnets.", StringComparison.Ordinal)));

    /// <summary>Every numbering that a UNet may have in a file that does not tell, the usual one first.</summary>
    public static IEnumerable<LayerNumbering> All => [new(false, true, false), new(true, true, false), new(false, true, true), new(true, true, true), new(false, false, false)];

    /// <summary>The names of the modules whose layers are counted, as files list them.</summary>
    public string[] Hosts(string component) => component == "unet" ? [.. hosts, .. FeedForward ? [GeGlu] : Array.Empty<string>(), .. Resnets ? [Resnet] : Array.Empty<string>()] : [TextHost];

    /// <summary>Whether it counts what a file's list of modules says.</summary>
    public bool Counts(IReadOnlyCollection<string> listed) => FeedForward == listed.Contains(GeGlu) && Resnets == listed.Contains(Resnet);

    /// <summary>Modules that are known to no numbering.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<string> listed) => listed.Except([.. hosts, GeGlu, Resnet, TextHost]);

    /// <summary>The counted targets of a component, with their numbers.</summary>
    public IReadOnlyDictionary<string, int> Of(ModelComponent component)
    {
        var held = known.GetOrCreateValue(component);
        lock (held)
            return held.TryGetValue(this, out var numbers) ? numbers : held[this] = component.Targets
                .Select(t => (t.Target.Path, Place: Place(component.Name, t.Target.Path[(component.Name.Length + 1)..]))).Where(t => t.Place is not null)
                .OrderBy(t => t.Place!.Value).Select((t, number) => (t.Path, number)).ToDictionary(t => t.Path, t => t.number);
    }

    (int, int, int, int, int, int, int)? Place(string component, string path)
    {
        if (component == "text_encoder")
            return Encoder().Match(path) is { Success: true } match ? (0, 0, 0, Number(match, "index"), 0, 0, Array.IndexOf(encoder, match.Groups["layer"].Value)) : null;
        if (component != "unet" || Unet().Match(path) is not { Success: true } found) return null;
        int block = Array.IndexOf(blocks, found.Groups["block"].Value), group = Array.IndexOf(groups, found.Groups["group"].Value);
        int level = Number(found, "level"), index = Number(found, "index");
        string rest = found.Groups["rest"].Value;
        if (group == 1) return Resnets && Array.IndexOf(resnet, rest) is >= 0 and var at ? (block, level, group, index, 0, 0, at) : null;
        if (Transformer().Match(rest) is not { Success: true } inner) return null;
        int module = inner.Groups["module"].Value switch { "attn1" => 0, "attn2" => FeedForwardSecond ? 2 : 1, _ => FeedForwardSecond ? 1 : 2 };
        int layer = Array.IndexOf(layers, inner.Groups["layer"].Value);
        bool isFeedForward = inner.Groups["module"].Value == "ff";
        if (layer < 0 || isFeedForward != (layer == layers.Length - 1) || isFeedForward && !FeedForward) return null;
        return (block, level, group, index, Number(inner, "index"), module, layer);
    }

    static int Number(Match match, string group) => match.Groups[group] is { Success: true, Value: var text } ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<block>down_blocks|up_blocks|mid_block)\.((?<level>\d+)\.)?(?<group>attentions|resnets)\.(?<index>\d+)\.(?<rest>.+)$")]
    private static partial Regex Unet();

    [GeneratedRegex(@"^transformer_blocks\.(?<index>\d+)\.(?<module>attn1|attn2|ff)\.(?<layer>.+)$")]
    private static partial Regex Transformer();

    [GeneratedRegex(@"^(text_model\.)?encoder\.layers\.(?<index>\d+)\.self_attn\.(?<layer>[kvq]_proj|out_proj)$")]
    private static partial Regex Encoder();
}
