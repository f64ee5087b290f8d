using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>For which family of base models a file was made, told by its names and widths: for errors and for inspecting.</summary>
public static partial class FamilyGuess
{
    /// <summary>"sd1", "sd2", "sdxl", or null.</summary>
    public static string? Of(ITensorFile file)
    {
        foreach (var tensor in file.Tensors)
        {
            if (tensor.Name.StartsWith("lora_te2_", StringComparison.Ordinal) || tensor.Name.StartsWith("text_encoder_2.", StringComparison.Ordinal))
                return "sdxl";
            if (TakesTextIn().IsMatch(tensor.Name) && tensor.Shape is [_, var width, ..])
                if (width switch { 768 => "sd1", 1024 => "sd2", 2048 => "sdxl", _ => null } is { } family) return family;
        }
        return null;
    }

    // Factors that take in the text's width: of cross-attention's keys, and of the layers of cloneofsimo's one text encoder, which are attention's alone.
    [GeneratedRegex(@"attn2[._](processor[._])?to_k[._]lora([._]down|_A)\b|^text_encoder:\d+:down$")]
    private static partial Regex TakesTextIn();

    /// <summary>The family as people call it.</summary>
    public static string Title(string family) => family switch { "sd1" => "SD 1.x", "sd2" => "SD 2.x", "sdxl" => "SDXL", _ => family };
}
