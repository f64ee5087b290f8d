using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>
/// Families of base models that no kind here can load, known so far that an adapter for one of them is not taken for one of another: by
/// names of layers, and where these are several families' by widths beside.
/// </summary>
/// <remarks>Each begins as its own program names its layers, flattened (<c>double_blocks_0_</c>) or with dots.</remarks>
public static partial class OtherFamilies
{
    /// <summary>The list; the first that is told counts.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        Named("hunyuan-video", "HunyuanVideo", HunyuanVideo()),
        Named("flux2", "Flux.2", Flux2()),
        Named("hidream", "HiDream", HiDream()),
        Named("auraflow", "AuraFlow", AuraFlow()),
        Named("flux", "Flux.1 or Chroma", Flux()),
        Named("sd3", "SD 3.x", JointBlocks()),
        Named("qwen-image", "Qwen-Image", QwenImage()),
        Named("ltx2", "LTX-2", Ltx2()),
        Named("kandinsky5", "Kandinsky 5", Kandinsky()),
        Named("krea2", "Krea 2", Krea()),
        Named("cascade", "Stable Cascade", Cascade()),
        Named("cosmos", "Cosmos-Predict 2 or Anima", Cosmos()),
        Named("wan", "Wan", Wan()),
        Wide("sd3-wide", "SD 3.x", TopTransformer(), 1536, 2432),
        Wide("ltx", "LTX-Video", TopTransformer(), 2048),
        Wide("pixart", "PixArt", TopTransformer(), 1152),
        Wide("hunyuan-dit", "Hunyuan-DiT", TopBlocks(), 1024, 1408),
        Wide("z-image", "Z-Image", NumberedLayers(), 3840),
        Wide("lumina2", "Lumina 2", NumberedLayers(), 2304),
    ];

    static ModelFamily Named(string name, string title, Regex layers) => new(name)
    {
        Title = title, IsToldBy = (key, _) => layers.IsMatch(key),
    };

    static ModelFamily Wide(string name, string title, Regex layers, params long[] widths) => new(name)
    {
        Title = title, IsToldBy = (key, shape) => shape is [_, var width] && widths.Contains(width) && layers.IsMatch(key),
    };

    [GeneratedRegex(@"token_refiner|double_blocks[._]\d+[._](img|txt)_mlp[._]fc1|double_blocks\.\d+\.(img|txt)_attn_(qkv|proj)")]
    private static partial Regex HunyuanVideo();

    [GeneratedRegex(@"stream_modulation|to_qkv_mlp_proj|transformer_blocks[._]\d+[._]ff[._]linear_in")]
    private static partial Regex Flux2();

    [GeneratedRegex(@"(double|single)_stream_blocks[._]\d")]
    private static partial Regex HiDream();

    [GeneratedRegex(@"joint_transformer_blocks[._]\d|double_layers[._]\d")]
    private static partial Regex AuraFlow();

    [GeneratedRegex(@"(double|single)_blocks[._]\d|single_transformer_blocks[._]\d")]
    private static partial Regex Flux();

    [GeneratedRegex(@"joint_blocks[._]\d+[._](x|context)_block")]
    private static partial Regex JointBlocks();

    [GeneratedRegex(@"transformer_blocks[._]\d+[._](img|txt)_(mlp|mod)")]
    private static partial Regex QwenImage();

    [GeneratedRegex(@"transformer_blocks[._]\d+[._](audio_|video_to_audio|audio_to_video)")]
    private static partial Regex Ltx2();

    [GeneratedRegex(@"(visual|text)_transformer_blocks[._]\d")]
    private static partial Regex Kandinsky();

    [GeneratedRegex(@"blocks[._]\d+[._]attn[._]w[qkvo]([._]|$)|txtfusion")]
    private static partial Regex Krea();

    [GeneratedRegex(@"^lora_prior_")]
    private static partial Regex Cascade();

    [GeneratedRegex(@"[._]blocks[._]\d+[._](self|cross)_attn[._](q_proj|output_proj)|adaln_modulation_(self|cross)")]
    private static partial Regex Cosmos();

    [GeneratedRegex(@"(^|[._])blocks[._]\d+[._]((self|cross)_attn[._][qkvo]([._]|$)|ffn[._](0|2|net)[._])")]
    private static partial Regex Wan();

    const string Start = @"^(transformer\.|diffusion_model\.|lora_unet_|lora_transformer_|lycoris_|base_model\.model\.)?";

    [GeneratedRegex(Start + @"transformer_blocks[._]\d+[._]attn")]
    private static partial Regex TopTransformer();

    [GeneratedRegex(Start + @"blocks[._]\d+[._]attn[12][._]")]
    private static partial Regex TopBlocks();

    [GeneratedRegex(@"(^|[._])layers[._]\d+[._](attention[._](to_|qkv|out)|feed_forward[._]w)")]
    private static partial Regex NumberedLayers();
}
