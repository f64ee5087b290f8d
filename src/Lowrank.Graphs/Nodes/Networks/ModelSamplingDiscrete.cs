namespace Lowrank.Graphs;

/// <summary>Says how a network's answers are to be read over its thousand training levels.</summary>
sealed class ModelSamplingDiscrete : GraphNode
{
    public override string ClassType => "ModelSamplingDiscrete";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new ChoiceInput("sampling", "eps", "v_prediction", "lcm", "x0", "img_to_img"),
        new FlagInput("zsnr", false),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        var noise = NoiseSchedule.From(model.Base.Model.Scheduler with { RescaleBetasZeroSnr = run.Flag("zsnr") }, doubles: true);
        var sampling = run.Choice("sampling") switch
        {
            "eps" => ModelSampling.Discrete(noise, AnswerMeaning.Noise),
            "v_prediction" => ModelSampling.Discrete(noise, AnswerMeaning.Velocity),
            "x0" => ModelSampling.Discrete(noise, AnswerMeaning.Sample),
            "lcm" => ModelSampling.Consistent(noise),
            var other => throw new LowrankException($"The sampling {other} is not done here; eps, v_prediction, lcm and x0 are."),
        };
        return [model with { Changes = model.Changes with { Sampling = sampling } }];
    }
}
