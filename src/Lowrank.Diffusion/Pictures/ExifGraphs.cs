using System.Text;

namespace Lowrank.Diffusion;

/// <summary>ComfyUI's graphs in the first directory of a block of EXIF, where it keeps them in WebP pictures.</summary>
/// <remarks>
/// ComfyUI 0.3.64, comfy_extras/nodes_images.py (SaveAnimatedWEBP): "prompt:" and the graph's JSON in the tag Model; others in the tags
/// before it, counting down from Make. Readers go by the word before the colon, whatever the tag.
/// </remarks>
static class ExifGraphs
{
    const string Run = "prompt";

    const ushort Model = 0x0110, Make = 0x010F;

    /// <summary>Tags and texts, the lowest tag first, as a directory wants them.</summary>
    /// <param name="texts">JSON by its keyword: <c>prompt</c>, <c>workflow</c>.</param>
    public static IReadOnlyList<(ushort Tag, string Text)> Entries(IEnumerable<KeyValuePair<string, string>> texts)
    {
        var entries = new List<(ushort Tag, string Text)>();
        ushort free = Make;
        foreach (var (keyword, text) in texts) entries.Add((keyword == Run ? Model : free--, $"{keyword}:{text}"));
        return [.. entries.OrderBy(entry => entry.Tag)];
    }

    /// <summary>JSON by its keyword in a block; none where it is damaged.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> exif)
    {
        var read = new List<KeyValuePair<string, string>>();
        var block = new ExifBlock(exif);
        foreach (var entry in block.First.Where(entry => entry.Type == ExifEntry.Letters))
        {
            string text = Encoding.UTF8.GetString(block.Bytes(entry)).TrimEnd('\0');
            int colon = text.IndexOf(':');
            // What cameras write there has no JSON behind a colon.
            bool isJson = colon > 0 && text.AsSpan(colon + 1).TrimStart().StartsWith("{");
            if (isJson) read.Add(new(text[..colon].Trim(), text[(colon + 1)..]));
        }
        return read;
    }
}
