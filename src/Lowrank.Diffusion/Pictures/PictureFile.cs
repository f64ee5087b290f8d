using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Lowrank.Formats;
using NetVips;

namespace Lowrank.Diffusion;

/// <summary>Reads and writes picture files through libvips; bitmaps, which it does not know, by <see cref="Bitmap"/>.</summary>
public static partial class PictureFile
{
    // libvips would print its warnings on stderr by itself; what keeps a picture from being read comes as an exception too.
    static PictureFile() => Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });

    /// <summary>
    /// Reads a PNG, JPEG, WebP, AVIF, GIF (first frame), BMP or TIFF file as 8-bit RGB: turned as its EXIF data says, alpha laid on white,
    /// grey, 16 bits and CMYK converted.
    /// </summary>
    /// <exception cref="LowrankException">The file is missing, or is no whole picture; the message names it.</exception>
    public static Picture Read(string path)
    {
        byte[] bytes = Bytes(path);
        try
        {
            if (IsBitmap(bytes)) return Bitmap.Decode(bytes);
            using var stored = Image.NewFromBuffer(bytes, failOn: Enums.FailOn.Error);
            using var upright = stored.Autorot();
            using var rgb = upright.Colourspace(Enums.Interpretation.Srgb);
            using var opaque = rgb.HasAlpha() ? rgb.Flatten(background: [255, 255, 255]) : rgb.Copy();
            using var whole = opaque.Cast(Enums.BandFormat.Uchar);
            return Pixels(path, whole, bytes);
        }
        catch (Exception error) when (error is VipsException or InvalidDataException)
        {
            throw Broken(path, error);
        }
    }

    /// <summary>Reads a file as <see cref="Read"/> does, colours and alpha apart; a bitmap's alpha is laid on white.</summary>
    /// <exception cref="LowrankException">The file is missing, or is no whole picture; the message names it.</exception>
    public static AlphaPicture ReadWithAlpha(string path)
    {
        byte[] bytes = Bytes(path);
        try
        {
            if (IsBitmap(bytes)) return new(Bitmap.Decode(bytes), null);
            using var stored = Image.NewFromBuffer(bytes, failOn: Enums.FailOn.Error);
            using var upright = stored.Autorot();
            using var srgb = upright.Colourspace(Enums.Interpretation.Srgb);
            using var whole = srgb.Cast(Enums.BandFormat.Uchar);
            using var rgb = whole.ExtractBand(0, 3);
            var colours = Pixels(path, rgb, bytes);
            if (!whole.HasAlpha()) return new(colours, null);
            using var alpha = whole.ExtractBand(whole.Bands - 1);
            return new(colours, new Mask(rgb.Width, rgb.Height, alpha.WriteToMemory<byte>()));
        }
        catch (Exception error) when (error is VipsException or InvalidDataException)
        {
            throw Broken(path, error);
        }
    }

    /// <summary>Looks through a picture to its last pixel without keeping it.</summary>
    /// <exception cref="LowrankException">The file is missing, or is no whole picture; the message names it.</exception>
    public static PictureFacts Look(string path)
    {
        byte[] bytes = Bytes(path);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        try
        {
            if (IsBitmap(bytes))
            {
                var bitmap = Bitmap.Decode(bytes);
                return new(bitmap.Width, bitmap.Height, 1, hash, Bitmap.HasAlpha(bytes));
            }
            using var stored = Image.NewFromBuffer(bytes, failOn: Enums.FailOn.Error);
            stored.Avg();   // asks for every pixel
            using var upright = stored.Autorot();
            int frames = stored.Contains("n-pages") ? Convert.ToInt32(stored.Get("n-pages"), null) : 1;
            return new(upright.Width, upright.Height, Math.Max(1, frames), hash, IsTransparent(stored));
        }
        catch (Exception error) when (error is VipsException or InvalidDataException)
        {
            throw Broken(path, error);
        }
    }

    /// <summary>Finds out whether a file holds a picture to its end: a PNG by its chunks, any other by its pixels.</summary>
    /// <exception cref="LowrankException">The file is missing, or is no whole picture; the message names it.</exception>
    public static void RequireWhole(string path)
    {
        byte[] bytes = Bytes(path);
        if (PictureSignature.Of(bytes) != "png") Look(path);
        else if (!PngText.IsWhole(bytes)) throw Unfinished(path);
    }

    static bool IsTransparent(Image stored)
    {
        if (!stored.HasAlpha()) return false;
        using var alpha = stored.ExtractBand(stored.Bands - 1);
        return alpha.Min() < (stored.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue);
    }

    static bool IsBitmap(ReadOnlySpan<byte> bytes) => PictureSignature.Of(bytes) == "bmp";

    /// <summary>Width and height of a picture as it stands upright; reads the header alone.</summary>
    /// <exception cref="LowrankException">The file is missing, or is no picture.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        RequireFile(path);
        try
        {
            if (PictureSignature.OfFile(path) == "bmp") return Bitmap.SizeOf(File.ReadAllBytes(path));
            using var stream = File.OpenRead(path);
            using var stored = Image.NewFromStream(stream, access: Enums.Access.Sequential);
            using var upright = stored.Autorot();
            return (upright.Width, upright.Height);
        }
        catch (Exception error) when (error is VipsException or InvalidDataException)
        {
            throw Broken(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>How a picture was made, in AUTOMATIC1111's words, wherever its format keeps that; null if nobody says.</summary>
    /// <exception cref="LowrankException">The file is missing, or is no picture.</exception>
    public static string? ReadInfoText(string path) => ReadTexts(path).InfoText;

    /// <summary>All texts of a picture.</summary>
    /// <inheritdoc cref="ReadInfoText"/>
    public static PictureTexts ReadTexts(string path)
    {
        try
        {
            return PictureTexts.Of(Bytes(path), looksForHidden: true);
        }
        catch (VipsException error)
        {
            throw Broken(path, error);
        }
    }

    /// <summary>Writes a picture, whole or not at all.</summary>
    /// <param name="path">The file; its folder is made if it lacks.</param>
    /// <param name="picture">The pixels.</param>
    /// <param name="infoText">How it was made; null means the picture's own.</param>
    /// <param name="encoding">How it is written; null means as the file's ending says.</param>
    /// <param name="others">Further texts of a PNG by their keywords.</param>
    /// <exception cref="LowrankException">The ending names no format that is written, or the format cannot hold the picture.</exception>
    public static void Save(
        string path,
        Picture picture,
        string? infoText = null,
        PictureEncoding? encoding = null,
        IReadOnlyList<KeyValuePair<string, string>>? others = null)
    {
        byte[] bytes = (encoding ?? EncodingOf(path)).Bytes(picture, infoText, others);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Writes a picture where no file is yet; false, with nothing written, where one is or comes at the same moment.</summary>
    /// <inheritdoc cref="Save"/>
    public static bool SaveNew(
        string path,
        Picture picture,
        string? infoText = null,
        PictureEncoding? encoding = null,
        IReadOnlyList<KeyValuePair<string, string>>? others = null)
    {
        byte[] bytes = (encoding ?? EncodingOf(path)).Bytes(picture, infoText, others);
        return AtomicFile.WriteNew(path, stream => stream.Write(bytes));
    }

    /// <summary>The bytes of a PNG file.</summary>
    /// <inheritdoc cref="Save"/>
    public static byte[] PngBytes(Picture picture, string? infoText = null) => PictureEncoding.Png.Bytes(picture, infoText);

    static PictureEncoding EncodingOf(string path)
    {
        if (PictureFormat.OfPath(path) is { } format) return new(format);
        string endings = string.Join(", ", PictureFormat.All.SelectMany(one => one.Endings));
        throw new LowrankException($"{path}: pictures are not written under that ending; there are {endings}.");
    }

    static void RequireFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (string.IsNullOrWhiteSpace(path)) throw new LowrankException("the path of a picture is empty. Give a file.");
        if (Directory.Exists(path)) throw new LowrankException($"{path} is a folder, and a picture is a file. Give one that is in it.");
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist.");
        FileKind.RequireRegular(path);
        if (new FileInfo(path).Length == 0) throw new LowrankException($"{path} is empty, and so no picture. Was it written to its end?");
    }

    static byte[] Bytes(string path)
    {
        RequireFile(path);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {error.Message}", error);
        }
    }

    // Of an image of three bands of bytes, with the file's text.
    static Picture Pixels(string path, Image rgb, byte[] file)
    {
        if (3L * rgb.Width * rgb.Height > Array.MaxLength)
            throw new LowrankException($"{path} has {rgb.Width}x{rgb.Height} pixels, more than are held at once. " +
                $"Make it smaller: {Array.MaxLength / 3} pixels are the most.");
        string? text = PictureTexts.Of(file, looksForHidden: false).InfoText;
        return new Picture(rgb.Width, rgb.Height, rgb.WriteToMemory<byte>()) { InfoText = text };
    }

    static LowrankException Unfinished(string path, Exception? error = null)
    {
        string said = $"{path} ends too early to be a whole picture. Was it written, or copied, to its end?";
        return error is null ? new(said) : new(said, error);
    }

    // The first line is the binding's ("unable to write to memory"); the others, where there are any, are libvips's own and tell more.
    static LowrankException Broken(string path, Exception error)
    {
        if (PictureEnd.IsMissing(Bytes(path), error.Message)) return Unfinished(path, error);
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // Its own names of its parts say nothing here.
        var told = (lines.Length > 1 ? lines[1..] : lines).Select(line => LibraryPart().Replace(line, ""));
        var cause = string.Join("; ", told);
        return new(
            $"{path} is no picture that can be read: {cause}. Is the file whole, and a PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF?", error);
    }

    [GeneratedRegex(@"^Vips\w+: ")]
    private static partial Regex LibraryPart();
}
