namespace Lowrank.Workbench;

/// <summary>Draws as another road does, and gives each picture the graph that draws it in ComfyUI.</summary>
/// <param name="road">The other road.</param>
/// <param name="graph">Writes the graphs.</param>
sealed class EmbeddingRoad(IPictureRoad road, RequestGraph graph) : IPictureRoad
{
    /// <summary>A road with graphs; itself where none are asked for.</summary>
    public static IPictureRoad Over(IPictureRoad road, RequestGraph? graph) => graph is null ? road : new EmbeddingRoad(road, graph);

    /// <inheritdoc/>
    public int Most => road.Most;

    /// <inheritdoc/>
    public bool GoesWith(ReadPrompt one, ReadPrompt first) => road.GoesWith(one, first);

    /// <inheritdoc/>
    public string InfoText(ReadPrompt one) => road.InfoText(one);

    /// <inheritdoc/>
    public IReadOnlyList<DrawnPicture> Draw(
        IReadOnlyList<ReadPrompt> batch, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        var drawn = road.Draw(batch, progress, cancel);
        return [.. drawn.Zip(batch, (one, prompt) => one with { Picture = graph.Embedded(one.Picture, prompt) })];
    }
}
