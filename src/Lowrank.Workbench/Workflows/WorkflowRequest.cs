using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>A ComfyUI graph that is to be run.</summary>
/// <param name="Graph">A JSON file (in the API format, or as the interface saves it), or a picture that holds one.</param>
/// <param name="Folders">Where the graph's files lie, and where it saves.</param>
public sealed record WorkflowRequest(string Graph, GraphFolders Folders) : IJobRequest
{
    /// <summary>What checkpoints cannot say of themselves.</summary>
    public CheckpointOptions ModelOptions { get; init; } = new();

    /// <summary>"auto", "bf16" or "f32".</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether ComfyUI's faults are done too, where its pictures hang on them.</summary>
    public bool LikeComfyUi { get; init; }

    /// <summary>Whether to refuse where something in the graph would not be used as it stands.</summary>
    public bool Strict { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Graph.Length == 0) yield return "Which graph? Give a JSON file, or a picture that ComfyUI saved.";
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) =>
        ModelOptions.Config is { } config ? this with { ModelOptions = ModelOptions with { Config = find(config) } } : this;
}
