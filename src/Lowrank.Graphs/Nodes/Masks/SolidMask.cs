namespace Lowrank.Graphs;

/// <summary>A mask of one value.</summary>
sealed class SolidMask : GraphNode
{
    public override string ClassType => "SolidMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("value", 1, 0, 1),
        WholeInput.Pixels("width", 512, 1),
        WholeInput.Pixels("height", 512, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        long[] shape = [1, run.Whole("height"), run.Whole("width")];
        return [new MaskValue(full(shape, (float)run.Number("value"), dtype: ScalarType.Float32, device: CPU))];
    }
}
