using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Training;

/// <summary>The pictures of a folder with their captions.</summary>
/// <param name="Pictures">In the order of their names.</param>
/// <param name="Warnings">What looks like a slip: captions without a picture, pictures without a caption, folders that are passed over.</param>
/// <remarks>
/// kohya's convention: sub-folders <c>&lt;repeats&gt;_&lt;class tokens&gt;</c>, a caption beside each picture (<c>.txt</c> or <c>.caption</c>), else the class tokens. A folder with
/// pictures directly inside is taken flat, with one repeat. Source: kohya-ss/sd-scripts docs/train_README at 48d368f.
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
        var folders = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(path => (Path: path, Name: ParseName(Path.GetFileName(path)))).ToList();
        foreach (var (path, name) in folders)
            if (name is var (repeats, tokens)) AddFrom(path, repeats, tokens);
            else if (PicturesIn(path).Any()) warnings.Add($"{path} was passed over: its name does not begin with a number of repeats, as in 10_{Path.GetFileName(path)}");
        if (pictures.Count == 0)
        {
            // Somebody may name the inner folder of the convention itself.
            var (repeats, tokens) = ParseName(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))) ?? (1, "");
            AddFrom(folder, repeats, tokens);
        }
        else if (PicturesIn(folder).Any()) warnings.Add($"pictures directly in {folder} were passed over, since it has folders of the form <repeats>_<name>");
        if (pictures.Count == 0)
            throw new LowrankException($"no pictures in {Path.GetFullPath(folder)}. Put them there directly, or into a folder such as 10_style, with a .txt beside each ({string.Join(", ", pictureEndings)})");
        return new(pictures, warnings);

        void AddFrom(string path, int repeats, string tokens)
        {
            var found = PicturesIn(path).ToList();
            var stems = found.Select(Path.GetFileNameWithoutExtension).ToHashSet();
            foreach (var caption in Directory.EnumerateFiles(path).Where(f => Captions.Endings.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal))
                if (found.Count > 0 && !stems.Contains(Path.GetFileNameWithoutExtension(caption))) warnings.Add($"{caption} has no picture beside it");
            foreach (var file in found)
            {
                var caption = Captions.Beside(file);
                if (caption is null && tokens.Length == 0) warnings.Add($"{file} has no caption");
                pictures.Add(new(file, caption ?? tokens, repeats, Path.GetFileName(Path.GetFullPath(path))));
            }
        }
    }

    /// <summary>A hash of names, repeats, captions and sizes of files: another one means that a run cannot go on where it stood.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', Pictures.Select(p => $"{p.Folder}/{Path.GetFileName(p.Path)} {p.Repeats} {new FileInfo(p.Path).Length} {p.Caption}")))));

    static IEnumerable<string> PicturesIn(string folder) =>
        Directory.EnumerateFiles(folder).Where(f => pictureEndings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    /// <summary>Repeats and class tokens of a folder's name, or null: int() must read what stands before the first underscore, and it must be above 0.</summary>
    public static (int Repeats, string Tokens)? ParseName(string name)
    {
        var parts = name.Split('_', 2);
        if (!int.TryParse(parts[0].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int repeats) || repeats < 1) return null;
        return (repeats, parts.Length > 1 ? parts[1] : "");
    }
}
