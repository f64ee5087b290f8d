using System.Text;

namespace Lowrank.Training;

/// <summary>
/// A text file of prompts, one a line. Empty lines are none, and lines that begin with # are comments, as kohya has them.
/// </summary>
/// <param name="Prompts">The prompts, in order; <c>\#</c> at the beginning of a line is a # of the prompt.</param>
/// <param name="Lines">The number of each prompt's line, from 1.</param>
/// <param name="Comments">Numbers of the lines that are comments, from 1.</param>
public sealed record PromptLines(IReadOnlyList<string> Prompts, IReadOnlyList<int> Lines, IReadOnlyList<int> Comments)
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // kohya's other forms, and those of other programs.
    static readonly string[] structured = [".toml", ".json", ".jsonl", ".yaml", ".yml", ".csv"];

    /// <summary>Whether a text is the name of a file of prompts, there or not: a name that ends so is nothing to draw.</summary>
    public static bool IsFile(string text) =>
        structured.Append(".txt").Any(ending => text.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a file.</summary>
    /// <exception cref="LowrankException">No such file, no prompt in it, no UTF-8 text, or a form with fields, such as TOML.</exception>
    public static PromptLines Read(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist. A file of prompts holds one prompt a line.");
        FileKind.RequireRegular(path);
        if (structured.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw new LowrankException(
                $"{path} is a file of fields, and prompts are read of plain text alone. Write them into a .txt file, one a line; " +
                "size, steps and guidance are options that hold for all.");
        List<string> prompts = [];
        List<int> lines = [], comments = [];
        foreach (var (index, line) in Text(path).Split('\n').Index())
        {
            string text = line.Trim();
            if (text.StartsWith('#')) comments.Add(index + 1);
            if (text.Length == 0 || text[0] == '#') continue;
            prompts.Add(text.StartsWith(@"\#", StringComparison.Ordinal) ? text[1..] : text);
            lines.Add(index + 1);
        }
        if (prompts.Count > 0) return new(prompts, lines, comments);
        string told = comments.Count == 0 ? ""
            : $" Lines that begin with # are comments, here {comments.Count}; \\# at the beginning draws one.";
        throw new LowrankException($"{path} holds no prompt. Write one a line.{told}");
    }

    /// <summary>What an account tells of the comments; null where there are none.</summary>
    /// <param name="path">The file.</param>
    public string? Told(string path) => Comments.Count == 0 ? null
        : $"{Listing.Count(Comments.Count, "line")} of {path} {(Comments.Count == 1 ? "begins" : "begin")} with # and " +
          $"{(Comments.Count == 1 ? "is a comment" : "are comments")}, not drawn: " +
          $"{Listing.Of([.. Comments.Select(line => PlainValue.Text(line))])} (\\# at the beginning draws such a line)";

    static string Text(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
                throw new LowrankException($"{path} is UTF-16 text. Open it in an editor and save it as UTF-8.");
            return strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new LowrankException($"{path} is no UTF-8 text. Open it in an editor and save it as UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LowrankException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
