namespace Lowrank.Graphs;

/// <summary>Strengthens a network's backbone and weakens the lowest frequencies of its skip connections, in two versions.</summary>
/// <remarks>See <see cref="Diffusion.FreeU"/>.</remarks>
sealed class FreeU : GraphNode
{
    /// <summary>The first version.</summary>
    public static FreeU First { get; } = new("FreeU", new(1.1, 1.2, 0.9, 0.2, FollowsContent: false));

    /// <summary>The second, which is strong where the picture's content is.</summary>
    public static FreeU Second { get; } = new("FreeU_V2", new(1.3, 1.4, 0.9, 0.2, FollowsContent: true));

    readonly Diffusion.FreeU usual;

    FreeU(string classType, Diffusion.FreeU usual)
    {
        (ClassType, this.usual) = (classType, usual);
        Inputs =
        [
            NodeInput.Link("model", GraphTypes.Model),
            new NumberInput("b1", usual.Backbone1, 0, 10),
            new NumberInput("b2", usual.Backbone2, 0, 10),
            new NumberInput("s1", usual.Skip1, 0, 10),
            new NumberInput("s2", usual.Skip2, 0, 10),
        ];
    }

    public override string ClassType { get; }

    public override IReadOnlyList<NodeInput> Inputs { get; }

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        var change = usual with
        {
            Backbone1 = run.Number("b1"), Backbone2 = run.Number("b2"), Skip1 = run.Number("s1"), Skip2 = run.Number("s2"),
        };
        var network = change.In(model.Changes.Network, model.Base.Model.UNetConfig);
        return [model with { Changes = model.Changes with { Network = network } }];
    }
}
