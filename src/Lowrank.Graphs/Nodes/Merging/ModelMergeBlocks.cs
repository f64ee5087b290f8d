namespace Lowrank.Graphs;

/// <summary>A mixture of two networks, in shares of their own on the way down, in the middle and on the way up.</summary>
sealed class ModelMergeBlocks : GraphNode
{
    public override string ClassType => "ModelMergeBlocks";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model1", GraphTypes.Model),
        NodeInput.Link("model2", GraphTypes.Model),
        new NumberInput("input", 1, 0, 1),
        new NumberInput("middle", 1, 0, 1),
        new NumberInput("out", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ModelValue>("model1"), run.Get<ModelValue>("model2"));
        double input = run.Number("input"), middle = run.Number("middle"), output = run.Number("out");
        var mixed = new MixedWeights(ModelSide.Network, first.Weights, second.Base, second.Weights, Shares);
        return [first with { Weights = [mixed] }];

        (double, double) Shares(string path)
        {
            double ratio = input;
            if (Begins(path, "mid_block")) ratio = middle;
            else if (Begins(path, "up_blocks", "conv_norm_out", "conv_out")) ratio = output;
            return (ratio, 1 - ratio);
        }

        static bool Begins(string path, params string[] parts) =>
            parts.Any(part => path.StartsWith($"unet.{part}", StringComparison.Ordinal));
    }
}
