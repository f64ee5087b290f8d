using System.Globalization;
using NetVips;

namespace Lowrank.Diffusion;

/// <summary>How pictures become the bytes of a file.</summary>
/// <param name="Format">Its kind.</param>
public sealed record PictureEncoding(PictureFormat Format)
{
    /// <summary>Without loss.</summary>
    public static PictureEncoding Png { get; } = new(PictureFormat.Png);

    /// <summary>Of JPEG, WebP and AVIF, 1 to 100; default 80, AUTOMATIC1111's.</summary>
    public int Quality { get; init; } = 80;

    /// <summary>Whether WebP and AVIF keep every pixel as it is; PNG always does, JPEG never.</summary>
    public bool Lossless { get; init; }

    /// <summary>Why pictures of a size cannot be written so; null if they can.</summary>
    public string? Fault(int width, int height)
    {
        if (Quality is < 1 or > 100) return string.Create(CultureInfo.InvariantCulture, $"the quality of pictures is {Quality} (1 to 100)");
        bool isLossy = Format.Name is "jpeg" or "gif";
        if (Lossless && isLossy)
            return $"{Format.Name} loses pixels whatever is asked for: png, and webp and avif without loss, keep them";
        return Math.Max(width, height) <= Format.LargestSide ? null : string.Create(CultureInfo.InvariantCulture,
            $"{Format.Name} holds no picture of {width}x{height} pixels, {Format.LargestSide} are the most a side: write it as png");
    }

    /// <summary>The bytes of a file.</summary>
    /// <param name="picture">The pixels.</param>
    /// <param name="infoText">How it was made; null means the picture's own, empty means none.</param>
    /// <param name="others">
    /// Further texts by their keywords, ComfyUI's <c>prompt</c> and <c>workflow</c>, for a format with
    /// <see cref="PictureFormat.HoldsGraphs"/>; null means the picture's own.
    /// </param>
    /// <exception cref="LowrankException">The format cannot hold the size, the text, or texts beside it.</exception>
    public byte[] Bytes(Picture picture, string? infoText = null, IReadOnlyList<KeyValuePair<string, string>>? others = null)
    {
        if (Fault(picture.Width, picture.Height) is { } fault) throw new LowrankException($"The picture cannot be written: {fault}.");
        string text = infoText ?? picture.InfoText ?? "";
        if (text.Length > Format.LongestText)
            throw new LowrankException($"The picture's text of {text.Length} characters does not fit into a {Format.Name}, " +
                $"which holds {Format.LongestText}. Write it as png or webp.");
        others ??= picture.OtherTexts;
        if (others.Count > 0 && !Format.HoldsGraphs)
            throw new LowrankException(
                $"A {Format.Name} has no room for {string.Join(" and ", others.Select(one => one.Key))}. Write a png or webp.");
        using var image = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        using var rgb = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var told = rgb.Mutate(made =>
        {
            if (text.Length > 0 || others.Count > 0) made.Set(GValue.BlobType, ExifBlock.Field, ExifComment.Of(text, others));
        });
        return Format.Name switch
        {
            "png" => WithTexts(rgb.PngsaveBuffer(compression: 6), text, others),
            "jpeg" => told.JpegsaveBuffer(q: Quality),
            "webp" => told.WebpsaveBuffer(q: Quality, lossless: Lossless),
            "avif" => told.HeifsaveBuffer(q: Quality, lossless: Lossless, compression: Enums.ForeignHeifCompression.Av1),
            _ => GifComment.Insert(rgb.GifsaveBuffer(), text),
        };
    }

    static byte[] WithTexts(byte[] png, string infoText, IEnumerable<KeyValuePair<string, string>> others)
    {
        foreach (var (keyword, text) in others.Reverse()) png = PngText.Insert(png, keyword, text);
        return infoText.Length > 0 ? PngText.Insert(png, PngText.InfoKeyword, infoText) : png;
    }
}
