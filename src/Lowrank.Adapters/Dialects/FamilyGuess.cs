namespace Lowrank.Adapters;

/// <summary>For which family of base models a file was made, told by its names and widths: for errors and for inspecting.</summary>
public static class FamilyGuess
{
    /// <summary>"sd1", "sd2", "sdxl", or null.</summary>
    public static string? Of(ITensorFile file)
    {
        foreach (var tensor in file.Tensors)
        {
            if (OfSecondEncoder(tensor.Name)) return "sdxl";
            if (TakesText(tensor.Name) && tensor.Shape is [_, var width, ..] && widths.TryGetValue(width, out var family)) return family;
        }
        return null;
    }

    static readonly Dictionary<long, string> widths = new() { [768] = "sd1", [1024] = "sd2", [2048] = "sdxl" };

    static bool OfSecondEncoder(string key) => key.StartsWith("lora_te2_", StringComparison.Ordinal) || key.StartsWith("lora_te2.", StringComparison.Ordinal)
        || key.StartsWith("text_encoder_2.", StringComparison.Ordinal) || key.Split('.') is [.., "clip_g"] or ["clip_g", ..] or ["text_encoders", "clip_g", ..];

    // Cross-attention's keys and values take in the text, and so has what adapts their input its width; a word is as wide as the text. Where layers have numbers, no other is that wide.
    static bool TakesText(string key) => key.Contains("attn2", StringComparison.Ordinal) && (key.Contains("to_k", StringComparison.Ordinal) || key.Contains("to_v", StringComparison.Ordinal))
        || key.StartsWith("unet:", StringComparison.Ordinal) && key.EndsWith(":down", StringComparison.Ordinal)
        || key is "emb_params" || key.Contains("string_to_param", StringComparison.Ordinal);

    /// <summary>The family as people call it.</summary>
    public static string Title(string family) => family switch { "sd1" => "SD 1.x", "sd2" => "SD 2.x", "sdxl" => "SDXL", _ => family };
}
