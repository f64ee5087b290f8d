namespace Lowrank.Graphs;

/// <summary>What holds for all nodes of a graph.</summary>
public sealed record GraphSettings
{
    /// <summary>Where files lie.</summary>
    public GraphFolders Folders { get; init; } = new();

    /// <summary>Where networks are computed.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>In which dtype networks are computed.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>What checkpoints cannot say of themselves.</summary>
    public CheckpointOptions ModelOptions { get; init; } = new();

    /// <summary>
    /// Whether ComfyUI 0.3.64's faults are done too, where its pictures hang on them: OFT's strength counts twice, pictures of 16 bits a
    /// channel are white, saved pictures are cut to bytes instead of rounded.
    /// </summary>
    public bool LikeComfyUi { get; init; }

    /// <summary>Told while nodes sample.</summary>
    public SamplingWatch Watch { get; init; } = new();
}
