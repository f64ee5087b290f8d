namespace Lowrank.Graphs;

/// <summary>A stretch of the way from noise to picture, with what lies before it and after it.</summary>
public sealed class ConditioningTimestepsRange : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "ConditioningTimestepsRange";

    /// <inheritdoc/>
    public override string Title => "Timesteps Range";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [new NumberInput("start_percent", 0, 0, 1, 0.001), new NumberInput("end_percent", 1, 0, 1, 0.001)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [WayShareValue.Name, WayShareValue.Name, WayShareValue.Name];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (start, end) = (run.Number("start_percent"), run.Number("end_percent"));
        return [Stretch(start, end), Stretch(0, start), Stretch(end, 1)];

        static WayShareValue Stretch(double from, double to) => new(new WayShare(from, to));
    }
}
