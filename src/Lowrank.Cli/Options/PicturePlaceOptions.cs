using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that say how many pictures are drawn, how they are laid out, and where they go.</summary>
sealed class PicturePlaceOptions
{
    readonly Option<bool> grid = new("--grid") { Description = "also lay all out in one picture: prompts down, seeds across" };

    readonly Option<string[]> axes = new("--axis", "-x")
    {
        HelpName = "NAME: VALUES",
        Description = "draw a grid over an option: columns, rows for a second one, grids side by side for a third; " +
            $"values stand between commas, numbers in ranges too (1-5, 1-10 (+3), 0-1 [5]). {GeneratingAxes.Prose}",
        CustomParser = EachToken.By<string>(text => (text, null)),
    };

    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FOLDER|FILE",
        Description = "a folder, in which pictures are numbered; or a file (.png, .jpg, .webp, ...) for the only picture or the grid",
        DefaultValueFactory = _ => Path.Combine("out", "pictures"),
    };

    public PicturePlaceOptions() => Settings = new()
    {
        { grid, (request, lays) => request with { Grid = lays } },
        {
            new Option<bool>("--overwrite") { Description = "replace FILE if it exists" },
            (request, replaces) => request with { Overwrite = replaces }
        },
        {
            new Option<bool>("--resume")
            {
                Description = "go on where a call was stopped: what FOLDER holds already, by the same text, is not drawn again",
            },
            (request, resumes) => request with { Resume = resumes }
        },
    };

    /// <summary>The options.</summary>
    public Option[] All => [.. Seeds.All, .. Drawing, axes, output, .. Files.All, .. Settings];

    /// <summary>The seeds, and so how often each prompt is drawn.</summary>
    public SeedOptions Seeds { get; } = new();

    /// <summary>How files are written and named.</summary>
    public PictureFileOptions Files { get; } = new();

    /// <summary>How many are made at once.</summary>
    public SettingList<GenerateOptions> Drawing { get; } = new()
    {
        {
            new Option<int>("--batch", "-b")
            {
                HelpName = "N",
                Description = "pictures made at once; they do not depend on it",
                DefaultValueFactory = _ => 4,
            },
            (options, pictures) => options with { Batch = pictures }
        },
    };

    /// <summary>What the others set.</summary>
    public SettingList<GeneratingRequest> Settings { get; }

    /// <summary>The folder or file of the pictures.</summary>
    public string Of(ParseResult result) => result.GetRequiredValue(output);

    /// <summary>The option of the place, which a call with a graph says too.</summary>
    public Option Output => output;

    /// <summary>The axes of a grid; none where none is asked for.</summary>
    public IReadOnlyList<string> Axes(ParseResult result) => result.GetValue(axes) ?? [];

    /// <summary>Whether pictures are laid out in one.</summary>
    public bool IsLaidOut(ParseResult result) => result.GetValue(grid) || Axes(result).Count > 0;
}
