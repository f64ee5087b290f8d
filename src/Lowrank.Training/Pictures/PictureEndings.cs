namespace Lowrank.Training;

/// <summary>What the files of a picture folder are, by their endings; where an ending does not tell, by how they begin.</summary>
static class PictureEndings
{
    static readonly string[] read =
        [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif", ".avif", ".tif", ".tiff"];

    // Pictures too, which the library at hand cannot decode unless they hold something else than they say.
    static readonly string[] others =
    [
        ".heic", ".heif", ".hif", ".jxl", ".jp2", ".tga", ".psd", ".svg", ".ico", ".exr", ".hdr", ".pnm", ".ppm", ".pgm", ".qoi",
        ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raw", ".orf", ".rw2", ".xcf", ".kra", ".clip",
    ];

    // Masks and conditions beside a picture, as OneTrainer names them.
    static readonly string[] companions = ["-masklabel", "-condlabel"];

    // What systems leave in folders.
    static readonly string[] leftovers = ["thumbs.db", "desktop.ini"];

    /// <summary>The endings that are read.</summary>
    public static IReadOnlyList<string> Read => read;

    /// <summary>Whether a file is hidden: its name begins with a point, as that of macOS's companions ("._a.png").</summary>
    public static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    /// <summary>Whether it says that it is a picture.</summary>
    public static bool IsPicture(string path) => Has(path, read) || Has(path, others);

    /// <summary>Whether such a picture can be read.</summary>
    public static bool CanBeRead(string path) => Has(path, read) || PictureSignature.OfFile(path) is not (null or "heic");

    /// <summary>Whether a picture is the mask or condition of another.</summary>
    public static bool IsCompanion(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        return companions.Any(end => stem.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a file is nobody's data.</summary>
    public static bool IsLeftover(string path) => leftovers.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);

    static bool Has(string path, string[] endings) => endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
