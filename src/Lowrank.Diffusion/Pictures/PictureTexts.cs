using System.Text.Json;
using NetVips;

namespace Lowrank.Diffusion;

/// <summary>The texts of a picture file, wherever its format keeps them.</summary>
/// <param name="InfoText">How it was made, in AUTOMATIC1111's words; null if nobody says.</param>
/// <param name="Others">Further texts of a PNG or WebP by their keywords: ComfyUI's <c>prompt</c> and <c>workflow</c>.</param>
public sealed record PictureTexts(string? InfoText, IReadOnlyList<KeyValuePair<string, string>> Others)
{
    /// <summary>A further text; null if it is not there.</summary>
    public string? this[string keyword] => Others.Where(one => one.Key == keyword).Select(one => one.Value).FirstOrDefault();

    /// <summary>Looks through the bytes of a file of any kind.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="looksForHidden">Whether, where no text is found, the alpha channel is looked through, which takes its pixels.</param>
    /// <exception cref="VipsException">They are no picture.</exception>
    internal static PictureTexts Of(byte[] bytes, bool looksForHidden)
    {
        var others = PngText.All(bytes).ToList();
        var info = others.Find(one => one.Key == PngText.InfoKeyword);
        if (info.Key is not null) return new(info.Value, [.. others.Where(one => one.Key != PngText.InfoKeyword)]);
        if (PictureSignature.Of(bytes) == "bmp") return new(null, []);
        if (GifComment.Find(bytes) is { } comment) return new(comment, []);
        using var stored = Image.NewFromBuffer(bytes);
        byte[] exif = stored.Contains(ExifBlock.Field) ? (byte[])stored.Get(ExifBlock.Field) : [];
        string? text = ExifComment.Read(exif);
        others.AddRange(ExifGraphs.Read(exif));
        bool isSilent = text is null && others.Count == 0;
        if (looksForHidden && isSilent && Hidden(stored) is { } hidden)
        {
            if (Items(hidden) is not { } told) return new(hidden, []);
            others.AddRange(told);
        }
        var items = others.GroupBy(one => one.Key).ToDictionary(group => group.Key, group => group.First().Value);
        return new(NovelAiText.Read(items, (stored.Width, stored.Height))?.Format() ?? text, others);
    }

    static string? Hidden(Image stored)
    {
        bool canHide = stored.HasAlpha() && stored.Format == Enums.BandFormat.Uchar;
        if (!canHide) return null;
        using var alpha = stored.ExtractBand(stored.Bands - 1);
        return StealthText.Find(alpha.WriteToMemory<byte>(), alpha.Width, alpha.Height);
    }

    // NovelAI hides its items as one JSON object; others hide an infotext.
    static List<KeyValuePair<string, string>>? Items(string hidden)
    {
        try
        {
            using var document = JsonDocument.Parse(hidden);
            return document.RootElement.ValueKind != JsonValueKind.Object ? null
                : [.. document.RootElement.EnumerateObject().Select(item => KeyValuePair.Create(item.Name, item.Value.ToString()))];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
