using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>All options of pictures that are drawn from prompts, under the headings of the help.</summary>
sealed class GeneratingOptions
{
    readonly Option<string> compat = new("--compat")
    {
        HelpName = "PROGRAM",
        Description = "make pictures in a program's way, its noise, prompts and rounding included: " +
            string.Join(", ", Compat.All.Select(one => one.Name)),
        DefaultValueFactory = _ => Compat.None.Name,
    };

    readonly Option<bool> strict = new("--strict")
    {
        Description = "refuse to draw where a prompt would be cut, or something else given would not be used as it stands",
    };

    public GeneratingOptions()
    {
        compat.AcceptOnlyFromAmong([.. Compat.All.Select(one => one.Name)]);
        Drawing = new()
        {
            { compat, (options, name) => options.In(Compat.Named(name!)) },
            Subject.Settings,
            Model.Drawing,
            Sampling.Settings,
            Prompts.Settings,
            Noise.Settings,
            Place.Drawing,
        };
        Requesting = new()
        {
            Model.Settings,
            Sampling.Computing,
            Place.Settings,
            Grids.Settings,
            Looks.Settings,
            { strict, (request, refuses) => request with { Strict = refuses } },
        };
    }

    /// <summary>What is drawn.</summary>
    public SubjectOptions Subject { get; } = new();

    /// <summary>With which model.</summary>
    public DrawnModelOptions Model { get; } = new();

    /// <summary>How it is sampled.</summary>
    public SamplingOptions Sampling { get; } = new();

    /// <summary>How prompts are written.</summary>
    public PromptOptions Prompts { get; } = new();

    /// <summary>What seeds become.</summary>
    public NoiseOptions Noise { get; } = new();

    /// <summary>The picture that is changed.</summary>
    public OptionalPart<PictureChange> Change { get; } = ChangeOptions.Make();

    /// <summary>The second pass.</summary>
    public OptionalPart<HiresOptions> Hires { get; } = HiresArguments.Make();

    /// <summary>The model that takes over on the way.</summary>
    public OptionalPart<RefinerChoice> Refiner { get; } = RefinerArguments.Make();

    /// <summary>How many pictures, and where they go.</summary>
    public PicturePlaceOptions Place { get; } = new();

    /// <summary>How they are laid out in one.</summary>
    public GridOptions Grids { get; } = new();

    /// <summary>How they are looked at.</summary>
    public LookOptions Looks { get; } = new();

    /// <summary>Whether what would not be used as it stands is refused; stands under no heading.</summary>
    public Option<bool> Strict => strict;

    /// <summary>What sets how pictures are made, a second pass apart.</summary>
    public SettingList<GenerateOptions> Drawing { get; }

    /// <summary>What sets the rest of a request.</summary>
    public SettingList<GeneratingRequest> Requesting { get; }

    /// <summary>The options under their headings.</summary>
    public IReadOnlyList<(string Title, Option[] Options)> Groups =>
    [
        ("What", Subject.All),
        ("Of which model", [.. Model.All, .. Refiner.All]),
        ("How", Sampling.All),
        ("What prompts may say", Prompts.All),
        ("Which noise", [.. Noise.Settings]),
        ("From a picture", Change.All),
        ("Larger, in a second pass", Hires.All),
        ("As other programs do", [compat]),
        ("How many, and where to", Place.All),
        ("In one picture", Grids.All),
        ("To be looked at", Looks.All),
    ];

    /// <summary>Which of them change nothing without others.</summary>
    public IEnumerable<OptionNeed> Needs => [.. Prompts.Needs, .. Change.Needs, .. Hires.Needs, .. Refiner.Needs];
}
