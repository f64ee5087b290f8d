using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>The options that say how the files of pictures are written and named.</summary>
sealed class PictureFileOptions
{
    static readonly string[] formats = [.. PictureFormat.All.Select(one => one.Name)];

    readonly Option<string> format = new("--format")
    {
        HelpName = "NAME",
        Description = $"{string.Join(", ", formats)}; each keeps how the picture was made (default: as the output ends, png in a folder)",
    };

    readonly Option<int?> quality = new("--quality") { HelpName = "1-100", Description = "of jpeg, webp and avif (default: 80)" };

    readonly Option<bool> lossless = new("--lossless") { Description = "webp and avif that keep every pixel, as png does" };

    readonly Option<string> names = new("--names")
    {
        HelpName = "PATTERN",
        Description = "how files in a folder are named, as in [seed]-[prompt_words]; words: " +
            string.Join(", ", FileNameWords.All.Select(word => word.Name)),
    };

    readonly Option<bool> embedGraph = new("--embed-graph")
    {
        Description = "let each picture (png, webp) hold a graph of ComfyUI that draws it there too; " +
            "with --compat comfyui both draw the same",
    };

    public PictureFileOptions() => format.AcceptNames(formats, PictureFormat.Named);

    /// <summary>The options.</summary>
    public Option[] All => [format, quality, lossless, names, embedGraph];

    /// <summary>Whether pictures are to hold graphs.</summary>
    public bool EmbedsGraph(ParseResult result) => result.GetValue(embedGraph);

    /// <summary>How pictures are written; null where no option says it.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="output">The folder or file of the pictures.</param>
    /// <param name="known">Told what has no effect.</param>
    public PictureEncoding? EncodingOf(ParseResult result, string output, Account known)
    {
        var (named, asked, keeps) = (result.GetValue(format), result.GetValue(quality), result.GetValue(lossless));
        bool isAsked = named is not null || asked is not null || keeps;
        if (!isAsked) return null;
        var encoding = new PictureEncoding(
            named is null ? PictureFormat.OfPath(output) ?? PictureFormat.Png : PictureFormat.Named(named)) { Lossless = keeps };
        if (asked is not { } number) return encoding;
        if (encoding.Format == PictureFormat.Png) known.Leaves("idle_quality", $"--quality {number} is not used: png keeps every pixel");
        return encoding with { Quality = number };
    }

    /// <summary>How files are named; null where they are numbered.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="known">Told what of the pattern stays as it stands.</param>
    public FileNamePattern? NamesOf(ParseResult result, Account known)
    {
        if (result.GetValue(names) is not { } text) return null;
        var pattern = new FileNamePattern(text);
        foreach (string fault in pattern.Faults) known.Leaves("names", fault);
        return pattern;
    }
}
