namespace Lowrank.Graphs;

/// <summary>What a node shows beside its values.</summary>
public sealed class NodeShows
{
    /// <summary>Files that it wrote.</summary>
    public List<ShownFile> Files { get; } = [];

    /// <summary>Texts that it shows.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>What a user should know of how it was computed: what was not used, what was done otherwise than in ComfyUI.</summary>
    public List<string> Notes { get; } = [];
}
