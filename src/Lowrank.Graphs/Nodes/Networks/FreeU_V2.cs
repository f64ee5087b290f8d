namespace Lowrank.Graphs;

/// <summary>Strengthens a network's backbone and weakens the lowest frequencies of its skip connections, where its content is.</summary>
/// <remarks>See <see cref="Diffusion.FreeU"/>.</remarks>
sealed class FreeU_V2 : GraphNode
{
    public override string ClassType => "FreeU_V2";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new NumberInput("b1", 1.3, 0, 10),
        new NumberInput("b2", 1.4, 0, 10),
        new NumberInput("s1", 0.9, 0, 10),
        new NumberInput("s2", 0.2, 0, 10),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        var change = new Diffusion.FreeU(run.Number("b1"), run.Number("b2"), run.Number("s1"), run.Number("s2"), FollowsContent: true);
        var network = change.In(model.Changes.Network, model.Base.Model.UNetConfig);
        return [model with { Changes = model.Changes with { Network = network } }];
    }
}
