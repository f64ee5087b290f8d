using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Training;

/// <summary>The pictures of a folder with their captions.</summary>
/// <param name="Pictures">In the order of their names.</param>
/// <param name="Warnings">
/// What looks like a slip: captions without a picture, pictures without a caption, folders that are passed over.
/// </param>
/// <remarks>
/// kohya's convention: sub-folders <c>&lt;repeats&gt;_&lt;class tokens&gt;</c>, a caption beside each picture (<c>.txt</c> or
/// <c>.caption</c>), else the class tokens. A folder with pictures directly inside is taken flat, with one repeat. Source:
/// kohya-ss/sd-scripts docs/train_README at 48d368f.
/// </remarks>
public sealed record PictureFolder(IReadOnlyList<TrainingPicture> Pictures, IReadOnlyList<string> Warnings)
{
    static readonly string[] pictureEndings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".avif", ".tif", ".tiff"];

    /// <summary>Pictures in an epoch, repeats counted.</summary>
    public int Count => Pictures.Sum(p => p.Repeats);

    /// <summary>Reads a folder's names and captions; no picture is opened.</summary>
    /// <exception cref="LowrankException">No such folder, or no picture in it.</exception>
    public static PictureFolder Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new LowrankException($"there is no picture folder {Path.GetFullPath(folder)}");
        var pictures = new List<TrainingPicture>();
        var warnings = new List<string>();
        foreach (var path in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (ParseName(name) is var (repeats, tokens)) Add(path, repeats, tokens, pictures, warnings);
            else if (PicturesIn(path).Any())
                warnings.Add($"{path} was passed over: its name does not begin with a number of repeats, as in 10_{name}");
        }
        if (pictures.Count == 0)
        {
            // Somebody may name the inner folder of the convention itself.
            var (repeats, tokens) = ParseName(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))) ?? (1, "");
            Add(folder, repeats, tokens, pictures, warnings);
        }
        else if (PicturesIn(folder).Any())
            warnings.Add($"pictures directly in {folder} were passed over, since it has folders of the form <repeats>_<name>");
        return pictures.Count > 0 ? new(pictures, warnings) : throw new LowrankException(
            $"no pictures in {Path.GetFullPath(folder)}. Put them there directly, or into a folder such as 10_style, " +
            $"with a .txt beside each ({string.Join(", ", pictureEndings)})");
    }

    static void Add(string path, int repeats, string tokens, List<TrainingPicture> pictures, List<string> warnings)
    {
        var found = PicturesIn(path).ToList();
        if (found.Count > 0) warnings.AddRange(LoneCaptions(path, found));
        foreach (var file in found)
        {
            var caption = Captions.Beside(file);
            if (caption is null && tokens.Length == 0) warnings.Add($"{file} has no caption");
            pictures.Add(new(file, caption ?? tokens, repeats, Path.GetFileName(Path.GetFullPath(path))));
        }
    }

    static IEnumerable<string> LoneCaptions(string path, IEnumerable<string> pictures)
    {
        var stems = pictures.Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var captions = Directory.EnumerateFiles(path).Where(file => Captions.Endings.Contains(Path.GetExtension(file)));
        return captions.Order(StringComparer.Ordinal).Where(caption => !stems.Contains(Path.GetFileNameWithoutExtension(caption)))
            .Select(caption => $"{caption} has no picture beside it");
    }

    /// <summary>A hash of names, repeats, captions and sizes of files: another one means that a run cannot go on where it stood.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', Pictures.Select(FactsOf)))));

    static string FactsOf(TrainingPicture picture) =>
        $"{picture.Folder}/{Path.GetFileName(picture.Path)} {picture.Repeats} {new FileInfo(picture.Path).Length} {picture.Caption}";

    static IEnumerable<string> PicturesIn(string folder) =>
        Directory.EnumerateFiles(folder).Where(IsPicture).Order(StringComparer.Ordinal);

    static bool IsPicture(string file) => pictureEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Repeats and class tokens of a folder's name, or null: int() must read what stands before the first underscore, and it must be
    /// above 0.
    /// </summary>
    public static (int Repeats, string Tokens)? ParseName(string name)
    {
        var parts = name.Split('_', 2);
        bool isNumber = int.TryParse(parts[0].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int repeats);
        return isNumber && repeats >= 1 ? (repeats, parts.Length > 1 ? parts[1] : "") : null;
    }
}
