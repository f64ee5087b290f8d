using System.Text;

namespace Lowrank.Workbench;

/// <summary>What a file tells of how a picture was made: a picture's texts, or one that was copied from a page into a text file.</summary>
static class ToldTexts
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The texts of a file.</summary>
    /// <exception cref="LowrankException">It is missing, holds weights or prompts alone, or is no picture and no UTF-8 text.</exception>
    public static PictureTexts Of(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist{NearestFiles.Told(path)}. It was given by `from`.");
        if (PictureSignature.OfFile(path) is not null) return PictureFile.ReadTexts(path);
        GivenFiles.RequirePicture("`from`", path);
        if (TextOf(path) is not { } text) return PictureFile.ReadTexts(path);
        if (text.StartsWith('{')) return new(null, [KeyValuePair.Create("prompt", text)]);
        if (InfoText.Parse(text).Fields.Count > 0) return new(text, []);
        throw new LowrankException($"{path} is a text that ends with no settings, such as \"Steps: 20, Sampler: Euler, Seed: 7\". " +
            "Copy all that the page tells of a picture; prompts alone, one a line, are given by `prompts file`.");
    }

    /// <inheritdoc cref="Of"/>
    public static string? InfoTextOf(string path) => Of(path).InfoText;

    static string? TextOf(string path)
    {
        FileKind.RequireRegular(path);
        try
        {
            string text = strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF').Trim();
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
