using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>What is drawn: prompts that are typed or stand in a file, styles on them, or a picture that is made again.</summary>
sealed class SubjectOptions
{
    readonly Option<string> file = new("--prompts-file")
    {
        HelpName = "FILE",
        Description = "a text file with one prompt a line, options behind it as kohya has them: a fox --n blurry --w 512 --h 768 --s 20 " +
            "--l 7 --d 1 --ss euler_a; lines that begin with # are comments (\\# draws one)",
    };

    readonly Option<string> from = new("--from")
    {
        HelpName = "PICTURE|TEXT",
        Description = "make a picture again by the text that it holds, Lowrank's own or AUTOMATIC1111's, or by such a text that was " +
            "copied into a file; what is typed beside it " +
            "comes before the text, and what cannot be done is said",
    };

    /// <summary>The prompts that are typed.</summary>
    public Argument<string[]> Prompts { get; } = new("prompt")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "what to draw; several prompts give several pictures",
    };

    /// <summary>The options.</summary>
    public Option[] All => [file, .. Settings, .. Styles.All, from];

    /// <summary>The styles.</summary>
    public StyleOptions Styles { get; } = new();

    /// <summary>What pictures should not show.</summary>
    public SettingList<GenerateOptions> Settings { get; } = new()
    {
        {
            new Option<string>("--negative", "-n") { HelpName = "TEXT", Description = "what pictures should not show" },
            (options, text) => options with { NegativePrompt = text }
        },
    };

    /// <summary>What was typed to be drawn.</summary>
    public string[] Typed(ParseResult result) => result.GetValue(Prompts) ?? [];

    /// <summary>The lines of the file of prompts; none without one.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="known">Told what of the file is not drawn.</param>
    public IReadOnlyList<KohyaPromptLine> LinesOf(ParseResult result, Account known)
    {
        if (result.GetValue(file) is not { } path) return [];
        GivenFiles.RequireText(file.Name, path);
        var lines = PromptLines.Read(path);
        if (lines.Told(path) is { } comments) known.Takes("prompts_comments", comments);
        return LinedRequest.Read(path, lines);
    }

    /// <summary>The picture that is made again; null for none.</summary>
    public string? From(ParseResult result) => result.GetValue(from);
}
