using System.Globalization;
using System.Text.Json;

namespace Lowrank.Diffusion;

/// <summary>The texts of NovelAI's pictures, told as AUTOMATIC1111 tells them.</summary>
/// <remarks>Source: modules/images.py, read_info_from_image, at 82a973c: clip skip 2 and ENSD 31337 are NovelAI's always.</remarks>
public static class NovelAiText
{
    /// <summary>The text; null where the items are not NovelAI's, or are damaged.</summary>
    /// <param name="items">Software, Description and Comment, a JSON object.</param>
    /// <param name="size">Of the picture.</param>
    public static InfoText? Read(IReadOnlyDictionary<string, string> items, (int Width, int Height) size)
    {
        if (items.GetValueOrDefault("Software") != "NovelAI") return null;
        try
        {
            using var comment = JsonDocument.Parse(items.GetValueOrDefault("Comment") ?? "");
            var made = comment.RootElement;
            var fields = new InfoFields
            {
                { "Steps", Number(made, "steps") },
                { "Sampler", WebUiSamplers.LabelOf(made.GetProperty("sampler").GetString()!) ?? "Euler a" },
                { "CFG scale", Number(made, "scale") },
                { "Seed", Number(made, "seed") },
                { "Size", string.Create(CultureInfo.InvariantCulture, $"{size.Width}x{size.Height}") },
                { "Clip skip", 2L },
                { "ENSD", 31337L },
            };
            return new(items.GetValueOrDefault("Description") ?? "", made.GetProperty("uc").GetString() ?? "", [.. fields]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    static string Number(JsonElement made, string name)
    {
        var number = made.GetProperty(name);
        string digits = number.GetRawText();
        bool isFloat = number.ValueKind == JsonValueKind.Number && digits.AsSpan().IndexOfAny('.', 'e', 'E') >= 0;
        return isFloat ? PythonFloat.Text(number.GetDouble()) : digits;
    }
}
