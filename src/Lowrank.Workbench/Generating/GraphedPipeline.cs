namespace Lowrank.Workbench;

/// <summary>Draws as another pipeline does, and gives each picture the graph that draws it in ComfyUI.</summary>
/// <param name="pipeline">The other pipeline.</param>
/// <param name="graph">Writes the graphs.</param>
sealed class GraphedPipeline(IPicturePipeline pipeline, RequestGraph graph) : IPicturePipeline
{
    /// <summary>A pipeline with graphs; itself where none are asked for.</summary>
    public static IPicturePipeline Over(IPicturePipeline pipeline, RequestGraph? graph) =>
        graph is null ? pipeline : new GraphedPipeline(pipeline, graph);

    /// <inheritdoc/>
    public int Most => pipeline.Most;

    /// <inheritdoc/>
    public bool GoesWith(ReadPrompt one, ReadPrompt first) => pipeline.GoesWith(one, first);

    /// <inheritdoc/>
    public string InfoText(ReadPrompt one) => pipeline.InfoText(one);

    /// <inheritdoc/>
    public IReadOnlyList<DrawnPicture> Draw(
        IReadOnlyList<ReadPrompt> batch, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        var drawn = pipeline.Draw(batch, progress, cancel);
        return [.. drawn.Zip(batch, (one, prompt) => one with { Picture = graph.Embedded(one.Picture, prompt) })];
    }
}
