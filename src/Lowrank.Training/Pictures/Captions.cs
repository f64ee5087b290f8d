using System.Text;

namespace Lowrank.Training;

/// <summary>How a caption comes about: as in kohya's sd-scripts where no option of shuffling is on.</summary>
public static class Captions
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Endings of caption files, the one that is taken first; in any case of letters.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".txt", ".caption", ".json"];

    /// <summary>The first line of a caption: further ones are notes.</summary>
    public static string FirstLine(string text) => text.Split('\n', 2)[0];

    /// <summary>The caption, or nothing at all where the draw falls below the share that is left out.</summary>
    /// <param name="caption">The caption.</param>
    /// <param name="dropout">Share of captions that is left out.</param>
    /// <param name="draw">A uniform draw in [0, 1).</param>
    public static string Dropped(string caption, double dropout, double draw) => draw < dropout ? "" : caption;

    /// <summary>Whether a file's ending is that of a caption.</summary>
    internal static bool IsCaption(string path) => RankOf(path) < Endings.Count;

    /// <summary>Whether the caption is a field of an object.</summary>
    internal static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Place of its ending among <see cref="Endings"/>.</summary>
    internal static int RankOf(string path)
    {
        string ending = Path.GetExtension(path);
        return Endings.TakeWhile(one => !one.Equals(ending, StringComparison.OrdinalIgnoreCase)).Count();
    }

    /// <summary>The text of a caption file, without a mark at its beginning and blanks around it.</summary>
    /// <exception cref="LowrankException">The file is no UTF-8 text.</exception>
    internal static string TextIn(string path) => TextIn(path, "caption").Trim();

    /// <summary>The text of a file, without a mark at its beginning.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, as errors call it.</param>
    /// <exception cref="LowrankException">The file is no UTF-8 text.</exception>
    internal static string TextIn(string path, string what)
    {
        try
        {
            FileKind.RequireRegular(path);
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
                throw new LowrankException($"the {what} {path} is UTF-16 text. Open it in an editor and save it as UTF-8.");
            return strict.GetString(bytes).Trim('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new LowrankException($"the {what} {path} is no UTF-8 text. Open it in an editor and save it as UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"the {what} {path} cannot be read: {error.Message}", error);
        }
    }
}
