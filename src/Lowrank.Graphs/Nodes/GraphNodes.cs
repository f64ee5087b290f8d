namespace Lowrank.Graphs;

/// <summary>The classes of nodes that graphs may use.</summary>
public static class GraphNodes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<GraphNode> All { get; } =
    [
        // Loading
        new CheckpointLoaderSimple(),
        new LoraLoader(),
        new LoraLoaderModelOnly(),
        // Latents
        new EmptyLatentImage(),
        new SaveLatent(),
    ];

    static readonly Dictionary<string, GraphNode> byName = All.ToDictionary(node => node.ClassType);

    /// <summary>The class of that name; null if there is none.</summary>
    public static GraphNode? Find(string? classType) => classType is null ? null : byName.GetValueOrDefault(classType);

    /// <summary>The class of a node in a graph.</summary>
    /// <exception cref="LowrankException">There is none; the message names the nearest.</exception>
    public static GraphNode Of(PlacedNode placed) => Find(placed.ClassType) ?? throw new LowrankException(WhyNot(placed));

    /// <summary>What to say of a node whose class there is not.</summary>
    public static string WhyNot(PlacedNode placed)
    {
        if (placed.ClassType is not { } name) return $"Node {placed.Id} says no class_type.";
        if (leftOut.TryGetValue(name, out string? why)) return $"Node {placed.Id} is a {name}, which is not done here: {why}.";
        string nearest = string.Join(", ", NearestNames.To(name, byName.Keys));
        return $"Node {placed.Id} is a {name}, which is not known here. Nearest: {nearest}.";
    }

    // Known classes that are left out on purpose.
    static readonly Dictionary<string, string> leftOut = new()
    {
        ["UpscaleModelLoader"] = upscalers,
        ["ImageUpscaleWithModel"] = upscalers,
        ["ControlNetLoader"] = controls,
        ["ControlNetApply"] = controls,
        ["ControlNetApplyAdvanced"] = controls,
    };

    const string upscalers = "upscaling networks are not built here. Scale with ImageScale, or the latent with LatentUpscale";
    const string controls = "control networks are not built here";
}
