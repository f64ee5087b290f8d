namespace Lowrank.Graphs;

/// <summary>A stretch of the way from noise to picture, with what lies before it and after it.</summary>
sealed class ConditioningTimestepsRange : GraphNode
{
    public override string ClassType => "ConditioningTimestepsRange";

    public override string Title => "Timesteps Range";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [new NumberInput("start_percent", 0, 0, 1, 0.001), new NumberInput("end_percent", 1, 0, 1, 0.001)];

    public override IReadOnlyList<string> Outputs { get; } = [WayShareValue.Name, WayShareValue.Name, WayShareValue.Name];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (start, end) = (run.Number("start_percent"), run.Number("end_percent"));
        return [Stretch(start, end), Stretch(0, start), Stretch(end, 1)];

        static WayShareValue Stretch(double from, double to) => new(new WayShare(from, to));
    }
}
