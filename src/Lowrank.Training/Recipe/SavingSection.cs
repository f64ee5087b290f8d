using Field = Lowrank.Training.SectionField<Lowrank.Training.SavingSection>;

namespace Lowrank.Training;

/// <summary>What a run writes, and where.</summary>
public sealed record SavingSection
{
    /// <summary>dtypes in which an adapter can be written.</summary>
    public static Words<ScalarType> Dtypes { get; } = new(
        ("f32", ScalarType.Float32, null), ("f16", ScalarType.Float16, null), ("bf16", ScalarType.BFloat16, null));

    /// <summary>Folder that gets everything the run writes.</summary>
    public string Output { get; init; } = "out";

    /// <summary>Name of the adapter and of every file.</summary>
    public string Name { get; init; } = "adapter";

    /// <summary>Steps between checkpoints; 0 saves at the end alone.</summary>
    public int SaveEvery { get; init; }

    /// <summary>Minutes between checkpoints of which the newest stays; 0 saves none by time.</summary>
    public double SaveEveryMinutes { get; init; } = 10;

    /// <summary>dtype of the written adapter: a word of <see cref="Dtypes"/>.</summary>
    public string SaveDtype { get; init; } = "f16";

    /// <summary>Whether TensorBoard events are written.</summary>
    public bool Tensorboard { get; init; } = true;

    /// <summary>Whether a stopped run goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether files of an earlier run of this name may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Where files are written.</summary>
    public static IReadOnlyList<RecipeField> PlaceFields { get; } =
    [
        Field.Text("output", "Folder for everything the run writes", s => s.Output, (s, v) => s with { Output = v }) with
        {
            AlsoCalled = ["output_dir"],
            Letter = 'o',
            MayChange = true,
        },
        Field.Text("name", "Name of the adapter and of its files", s => s.Name, (s, v) => s.Named(v)) with
        {
            AlsoCalled = ["output_name"],
            MetadataKey = "ss_output_name",
            Check = s => CanBeAFile(s.Name) ? [] : [$"name \"{s.Name}\" cannot be a file's name"],
        },
    ];

    /// <summary>What is saved on the way, and as what.</summary>
    public static IReadOnlyList<RecipeField> AdapterFields { get; } =
    [
        Field.Whole("save_every", "Steps between checkpoints; 0 saves at the end alone",
            s => s.SaveEvery, (s, v) => s with { SaveEvery = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["save_every_n_steps", "save_steps", "checkpointing_steps"],
            MayChange = true,
        },
        Field.Number("save_every_minutes", "Minutes between checkpoints by time, of which the newest stays; 0 saves none",
            s => s.SaveEveryMinutes, (s, v) => s with { SaveEveryMinutes = v }, NumberRange.AtLeast(0)) with
        {
            MayChange = true,
        },
        Field.Word("save_dtype", $"dtype of the written adapter: {Dtypes.Prose}", () => Dtypes.All,
            s => s.SaveDtype, (s, v) => s with { SaveDtype = DtypeNames.Plain(v) }) with
        {
            AlsoCalled = ["save_precision"],
            MayChange = true,
        },
    ];

    /// <summary>What becomes of what is there.</summary>
    public static IReadOnlyList<RecipeField> FileFields { get; } =
    [
        Field.Switch("tensorboard", "Write TensorBoard events", s => s.Tensorboard, (s, v) => s with { Tensorboard = v }) with
        {
            MayChange = true,
        },
        Field.Switch("resume", "Go on where a stopped run of this name stood", s => s.Resume, (s, v) => s with { Resume = v }) with
        {
            MayChange = true,
        },
        Field.Switch("overwrite", "Replace files of an earlier run of this name; its checkpoints and samples go",
            s => s.Overwrite, (s, v) => s with { Overwrite = v }) with
        {
            Idle = recipe => recipe.Saving.Resume ? "resume is on, and goes on with the earlier run" : null,
            MayChange = true,
        },
    ];

    /// <summary>The name as it was given, with an ending that is written in any case.</summary>
    internal string GivenName { get; init; } = "";

    SavingSection Named(string given)
    {
        bool hasEnding = given.Length > ending.Length && given.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        return this with { Name = hasEnding ? given[..^ending.Length] : given, GivenName = given };
    }

    const string ending = ".safetensors";

    static bool CanBeAFile(string name) => name.Length > 0 && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0;
}
