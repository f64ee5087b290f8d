namespace Lowrank.Graphs;

/// <summary>One mask worked into another.</summary>
sealed class MaskComposite : GraphNode
{
    public override string ClassType => "MaskComposite";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("destination", GraphTypes.Mask),
        NodeInput.Link("source", GraphTypes.Mask),
        WholeInput.Pixels("x", 0, 0),
        WholeInput.Pixels("y", 0, 0),
        new ChoiceInput("operation", [.. operations.Keys]),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (made, source) = (run.Get<MaskValue>("destination").Mask.clone(), run.Get<MaskValue>("source").Mask);
        int left = run.Whole("x"), top = run.Whole("y");
        var part = source.Cut(1, 0, made.shape[1] - top).Cut(2, 0, made.shape[2] - left);
        var place = made.Cut(1, top, top + part.shape[1]).Cut(2, left, left + part.shape[2]);
        place.copy_(operations[run.Choice("operation")](place, part));
        return [new MaskValue(made.clamp(0, 1))];
    }

    // and, or and xor round first.
    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> operations = new()
    {
        ["multiply"] = (a, b) => a * b,
        ["add"] = (a, b) => a + b,
        ["subtract"] = (a, b) => a - b,
        ["and"] = (a, b) => On(a).logical_and(On(b)).to(ScalarType.Float32),
        ["or"] = (a, b) => On(a).logical_or(On(b)).to(ScalarType.Float32),
        ["xor"] = (a, b) => On(a).logical_xor(On(b)).to(ScalarType.Float32),
    };

    static Tensor On(Tensor mask) => mask.round().to(ScalarType.Bool);
}
