using System.Text;
using System.Text.Json;

namespace Lowrank.Cli.Tests;

/// <summary>Small files for tests, written byte by byte.</summary>
static class Tiny
{
    /// <summary>A safetensors file of f32 ones with the metadata name = value.</summary>
    public static void Safetensors(string path, params IReadOnlyList<(string Name, long[] Shape)> tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["name"] = "value" } };
        long at = 0;
        foreach (var (name, shape) in tensors)
        {
            long bytes = 4 * shape.Aggregate(1L, (product, axis) => product * axis);
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { at, at + bytes } };
            at += bytes;
        }
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. Enumerable.Repeat(BitConverter.GetBytes(1f), (int)at / 4).SelectMany(one => one)]);
    }

    /// <summary>A LoRA of rank 4 in kohya's spelling, over two layers of the unet and one of the text encoder of a model that SD 1's names fit; alpha is 1.</summary>
    public static void Lora(string path, int textWidth = 768) => Safetensors(path,
    [
        .. Layer("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", 320, textWidth),
        .. Layer("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_q", 320, 320),
        .. Layer("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 768, 768),
    ]);

    static (string, long[])[] Layer(string name, int to, int from) => [($"{name}.lora_down.weight", [4, from]), ($"{name}.lora_up.weight", [to, 4]), ($"{name}.alpha", [])];
}
