using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Training;

/// <summary>The pictures of a folder with their captions.</summary>
/// <param name="Pictures">In the order of their names.</param>
/// <param name="Account">What was taken, and what was not: pictures of other endings, in other folders, masks, captions.</param>
/// <remarks>
/// kohya's convention: sub-folders <c>&lt;repeats&gt;_&lt;class tokens&gt;</c>, a caption beside each picture
/// (<see cref="FolderCaptions"/>), else the class tokens. A folder with pictures directly inside is taken flat, with one repeat. Source:
/// kohya-ss/sd-scripts docs/train_README at 48d368f.
/// </remarks>
public sealed record PictureFolder(IReadOnlyList<TrainingPicture> Pictures, Account Account)
{
    /// <summary>Pictures in an epoch, repeats counted.</summary>
    public int Count => Pictures.Sum(p => p.Repeats);

    /// <summary>Reads a folder's names and captions; of pictures whose ending does not tell what they are, the first bytes.</summary>
    /// <exception cref="LowrankException">No such folder, or no picture in it; what was passed over is told.</exception>
    public static PictureFolder Read(string folder)
    {
        if (File.Exists(folder))
            throw new LowrankException($"{Path.GetFullPath(folder)} is a file. Give the folder in which the pictures lie.");
        if (!Directory.Exists(folder)) throw new LowrankException($"there is no picture folder {Path.GetFullPath(folder)}");
        var reading = new FolderReading();
        reading.ReadList(folder);
        string[] inside = [.. FolderReading.FoldersIn(folder)];
        foreach (var path in inside)
            if (RepeatsOf(Path.GetFileName(path)) is var (repeats, tokens)) reading.AddRepeated(path, repeats, tokens);
        bool flat = reading.Pictures.Count == 0;
        if (flat) AddFlat(reading, folder);
        else reading.PassBeside(folder);
        foreach (var path in inside)
            if (RepeatsOf(Path.GetFileName(path)) is null) reading.PassFolder(path, flat);
        reading.RefuseBroken();
        var account = reading.Account();
        if (reading.Pictures.Count > 0) return new(reading.Pictures, account);
        string passed = string.Concat(account.NotUsed.Select(line => $"; {line.Text}"));
        throw new LowrankException(
            $"no pictures in {Path.GetFullPath(folder)}. Put them there directly, or into a folder such as 10_style, " +
            $"with a .txt beside each ({string.Join(", ", PictureEndings.Read)}){passed}");
    }

    // Somebody may name the inner folder of the convention itself.
    static void AddFlat(FolderReading reading, string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var (repeats, tokens) = RepeatsOf(name) ?? (1, "");
        reading.Add(folder, repeats, tokens);
    }

    /// <summary>A hash of what is learnt: contents of files, captions and repeats, in their order; names and places do not count.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', Pictures.Select(picture => $"{picture.Hash} {picture.Repeats} {picture.Caption}")))));

    /// <summary>
    /// Repeats and class tokens of a folder's name as kohya's scripts read it, or null: int() must read what stands before the first
    /// underscore, and it must be above 0.
    /// </summary>
    public static (int Repeats, string Tokens)? ParseName(string name)
    {
        var parts = name.Split('_', 2);
        bool isNumber = int.TryParse(parts[0].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int repeats);
        return isNumber && repeats >= 1 ? (repeats, parts.Length > 1 ? parts[1] : "") : null;
    }

    /// <summary>Whether a name asks for a number of repeats that there cannot be: "0_zero", "99999999999_big".</summary>
    internal static bool IsCountOutOfRange(string name)
    {
        var parts = name.Split('_', 2);
        string number = parts[0].Trim().TrimStart('-', '+');
        return parts.Length == 2 && number.Length > 0 && number.All(char.IsAsciiDigit) && RepeatsOf(name) is null;
    }

    /// <summary>
    /// The same where the name has an underscore: a folder "512" is one of a size, and nobody asks for 512 repeats with it.
    /// </summary>
    public static (int Repeats, string Tokens)? RepeatsOf(string name) => name.Contains('_') ? ParseName(name) : null;
}
