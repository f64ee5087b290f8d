using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that say how many pictures are drawn, and where they go.</summary>
sealed class PicturePlaceOptions
{
    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FOLDER|FILE",
        Description = "a folder, in which pictures are numbered; or a file (.png, .jpg, .webp, ...) for the only picture or the grid",
        DefaultValueFactory = _ => Path.Combine("out", "pictures"),
    };

    public PicturePlaceOptions() => Settings = new()
    {
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
    public Option[] All => [.. Seeds.All, .. Drawing, output, .. Files.All, .. Settings];

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
                Description = "pictures made at once; they depend on it by rounding, visibly in bf16",
                DefaultValueFactory = _ => new GenerateOptions().Batch,
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
}
