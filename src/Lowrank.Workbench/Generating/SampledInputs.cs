using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>The inputs that all of ComfyUI's sampling nodes have.</summary>
/// <param name="Network">The denoising network.</param>
/// <param name="Positive">What is drawn.</param>
/// <param name="Negative">What is not.</param>
/// <param name="Latents">What is begun with.</param>
sealed record SampledInputs(GraphLink Network, GraphLink Positive, GraphLink Negative, GraphLink Latents)
{
    /// <summary>As the nodes name them.</summary>
    public IEnumerable<(string Name, object Value)> Written =>
        [("model", Network), ("positive", Positive), ("negative", Negative), ("latent_image", Latents)];
}
