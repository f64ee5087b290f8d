namespace Lowrank.Graphs;

/// <summary>ER-SDE with its options; eta is for the reverse-time form alone.</summary>
sealed class SamplerER_SDE : GraphNode
{
    public override string ClassType => "SamplerER_SDE";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new ChoiceInput("solver_type", "ER-SDE", "Reverse-time SDE", "ODE"),
        new WholeInput("max_stage", 3, 1, 3),
        new NumberInput("eta", 1, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 100, 0.01) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IEnumerable<string> Remarks(PlacedNode node, OutputUse use)
    {
        foreach (string remark in base.Remarks(node, use)) yield return remark;
        bool isPlain = node.Inputs.GetValueOrDefault("solver_type") is not "Reverse-time SDE";
        object? eta = node.Inputs.GetValueOrDefault("eta");
        if (isPlain && eta is double and not 1.0) yield return $"eta {PythonText.Str(eta)} is not used: it is for Reverse-time SDE.";
    }

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        double eta = run.Number("eta"), scale = run.Number("s_noise");
        string kind = run.Choice("solver_type");
        if (kind == "ODE") eta = 0;
        if (kind != "ER-SDE" && eta == 0) scale = 0;
        var shape = kind == "ER-SDE" ? null : ErSdeSampler.ReverseTime(eta);
        return [new SamplerValue(new ErSdeSampler(run.Whole("max_stage"), scale, shape))];
    }
}
