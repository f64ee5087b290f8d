namespace Lowrank.Graphs;

/// <summary>The sigmas of one of ComfyUI's schedules; of a part of the way the last ones.</summary>
public sealed class BasicScheduler : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "BasicScheduler";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new ChoiceInput("scheduler", [.. ComfySchedules.Names]),
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("denoise", 1, 0, 1),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sampling = run.Get<ModelValue>("model").Sampling;
        string name = run.Choice("scheduler");
        float[] sigmas = ComfySchedules.LastOf(run.Whole("steps"), run.Number("denoise"), whole: 1, n => ComfySchedules.Sigmas(name, sampling, n));
        return [new SigmasValue(sigmas)];
    }
}
