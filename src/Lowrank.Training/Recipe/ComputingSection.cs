using Field = Lowrank.Training.SectionField<Lowrank.Training.ComputingSection>;

namespace Lowrank.Training;

/// <summary>How a run computes.</summary>
public sealed record ComputingSection
{
    /// <summary>One of <see cref="PrecisionNames.All"/>.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>A device as <see cref="Devices.Named"/> takes it.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads to compute with; 0 means all processors.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Whether blocks are computed twice to save memory.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>The dtypes of the run.</summary>
    public Precision ToPrecision() => PrecisionNames.Named(Precision);

    /// <summary>Where it computes.</summary>
    public Device ToDevice() => Devices.Named(Device);

    /// <summary>Its fields but checkpointing.</summary>
    public static IReadOnlyList<RecipeField> Fields { get; } =
    [
        Field.Word("precision", PrecisionNames.Prose, () => PrecisionNames.All,
            s => s.Precision, (s, v) => s with { Precision = PrecisionNames.Plain(v) }) with
        {
            AlsoCalled = ["mixed_precision"],
            Meaning = recipe => PrecisionNames.Of(recipe.Computing.ToPrecision()),
        },
        Field.Text("device", "Where it computes: auto, cpu, cuda, cuda:1 or mps", s => s.Device, (s, v) => s with { Device = v }) with
        {
            CheckTyped = name => Devices.Spelled(name),
            Check = s => Faults.In(() => Devices.Named(s.Device)),
            Meaning = recipe => recipe.Computing.ToDevice().ToString(),
        },
        Field.Whole("threads", "Threads to compute with; 0 takes all processors",
            s => s.Threads, (s, v) => s with { Threads = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["num_cpu_threads_per_process"],
            MayChange = true,
        },
        Field.Seed("seed", "Seed of everything random, 0 to 2^64 - 1", s => s.Seed, (s, v) => s with { Seed = v }) with
        {
            Letter = 's',
            MetadataKey = "ss_seed",
            MetadataValue = recipe => Seeds.Text(recipe.Computing.Seed),
        },
    ];

    /// <summary>What trades time for memory.</summary>
    public static IReadOnlyList<RecipeField> MemoryFields { get; } =
    [
        Field.Switch("gradient_checkpointing", "Compute blocks twice to save memory",
            s => s.GradientCheckpointing, (s, v) => s with { GradientCheckpointing = v }) with
        {
            MayChange = true,
            MetadataKey = "ss_gradient_checkpointing",
        },
    ];
}
