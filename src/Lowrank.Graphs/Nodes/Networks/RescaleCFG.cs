namespace Lowrank.Graphs;

/// <summary>Brings guided answers back to the contrast of the prompt's own.</summary>
/// <remarks>See <see cref="RescaledGuidance"/>.</remarks>
sealed class RescaleCFG : GraphNode
{
    public override string ClassType => "RescaleCFG";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model", GraphTypes.Model), new NumberInput("multiplier", 0.7, 0, 1)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        double share = run.Number("multiplier");
        return [model with { Changes = model.Changes with { Guidance = Rule } }];

        Tensor Rule(Tensor x, double sigma, Tensor positive, Tensor negative, double scale) =>
            RescaledGuidance.Combine(x, sigma, positive, negative, scale, share);
    }
}
