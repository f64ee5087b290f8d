namespace Lowrank.Diffusion;

/// <summary>A kind of picture file that is written.</summary>
/// <param name="Name">As <see cref="PictureSignature"/> calls it: "jpeg".</param>
/// <param name="Endings">Endings of file names, the usual one first.</param>
/// <param name="LargestSide">Most pixels across and down.</param>
/// <param name="LongestText">Most characters of text that it keeps.</param>
public sealed record PictureFormat(string Name, IReadOnlyList<string> Endings, int LargestSide, int LongestText)
{
    /// <summary>Without loss, and with any number of texts: tEXt or iTXt chunks.</summary>
    public static PictureFormat Png { get; } = new("png", [".png"], int.MaxValue, Unlimited) { HoldsGraphs = true };

    // A block of EXIF has at most 65533 bytes in a JPEG; a character takes two of them, and what libvips adds beside it some hundred.
    static readonly PictureFormat jpeg = new("jpeg", [".jpg", ".jpeg", ".jfif"], 65535, 32_000);

    /// <summary>All of them; the text stands in EXIF's UserComment, but for PNG's chunks and GIF's comment.</summary>
    public static IReadOnlyList<PictureFormat> All { get; } =
    [
        Png,
        jpeg,
        new("webp", [".webp"], 16383, Unlimited) { HoldsGraphs = true },
        new("avif", [".avif"], 16384, Unlimited),
        new("gif", [".gif"], 65535, Unlimited),
    ];

    /// <summary>Whether it has a place in which ComfyUI looks for graphs.</summary>
    public bool HoldsGraphs { get; init; }

    const int Unlimited = int.MaxValue;

    /// <summary>The format that a file's ending names; null where none is written under it.</summary>
    public static PictureFormat? OfPath(string path) =>
        All.FirstOrDefault(format => format.Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>The format of a name or an ending: "jpg", ".webp", "PNG".</summary>
    /// <exception cref="LowrankException">There is none; all are told.</exception>
    public static PictureFormat Named(string name) =>
        All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? OfPath($".{name.TrimStart('.')}")
        ?? throw new LowrankException(
            $"pictures are not written as \"{name}\"; there are {string.Join(", ", All.Select(one => one.Name))}");
}
