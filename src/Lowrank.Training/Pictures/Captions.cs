using System.Text;

namespace Lowrank.Training;

/// <summary>How a caption comes about: as in kohya's sd-scripts where no option of shuffling is on.</summary>
public static class Captions
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Endings of caption files, the one that is taken first.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".txt", ".caption"];

    /// <summary>The first line of a caption: further ones are notes.</summary>
    public static string FirstLine(string text) => text.Split('\n', 2)[0];

    /// <summary>The caption, or nothing at all where the draw falls below the share that is left out.</summary>
    /// <param name="caption">The caption.</param>
    /// <param name="dropout">Share of captions that is left out.</param>
    /// <param name="draw">A uniform draw in [0, 1).</param>
    public static string Dropped(string caption, double dropout, double draw) => draw < dropout ? "" : caption;

    /// <summary>The caption in the file beside a picture, or null if there is no such file or nothing in it.</summary>
    /// <exception cref="LowrankException">The file is no UTF-8 text.</exception>
    public static string? Beside(string picture)
    {
        if (Endings.Select(ending => Path.ChangeExtension(picture, ending)).FirstOrDefault(File.Exists) is not { } path) return null;
        try
        {
            var text = strict.GetString(File.ReadAllBytes(path)).Trim('\uFEFF').Trim();
            return text.Length == 0 ? null : FirstLine(text).Trim();
        }
        catch (DecoderFallbackException error)
        {
            throw new LowrankException($"the caption {path} is no UTF-8 text. Open it in an editor and save it as UTF-8.", error);
        }
    }
}
