namespace Lowrank.Graphs;

/// <summary>Says that a network knows every noise level between two, by the logarithm of its sigma.</summary>
sealed class ModelSamplingContinuousEDM : GraphNode
{
    public override string ClassType => "ModelSamplingContinuousEDM";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new ChoiceInput("sampling", "v_prediction", "edm", "edm_playground_v2.5", "eps", "cosmos_rflow"),
        new NumberInput("sigma_max", 120, 0, 1000, 0.001) { IsRounded = false },
        new NumberInput("sigma_min", 0.002, 0, 1000, 0.001) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        var meaning = run.Choice("sampling") switch
        {
            "eps" => AnswerMeaning.Noise,
            "v_prediction" => AnswerMeaning.Velocity,
            "edm" => AnswerMeaning.Edm,
            var other => throw new LowrankException($"The sampling {other} is not done here; v_prediction, edm and eps are."),
        };
        var (min, max) = (run.Number("sigma_min"), run.Number("sigma_max"));
        if (!(min > 0 && min < max))
            throw new LowrankException($"sigma_min is {PlainValue.Text(min)} and sigma_max {PlainValue.Text(max)}: " +
                "the smaller must be above 0 and below the larger.");
        return [model with { Changes = model.Changes with { Sampling = ModelSampling.Continuous(min, max, meaning) } }];
    }
}
