namespace Lowrank.Graphs;

/// <summary>Sigmas that were found by search, for a family of models each; the last is put to 0.</summary>
/// <remarks>Sabour et al. 2024, "Align Your Steps" (arXiv:2404.14507).</remarks>
sealed class AlignYourStepsScheduler : GraphNode
{
    public override string ClassType => "AlignYourStepsScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new ChoiceInput("model_type", "SD1", "SDXL", "SVD") { IsUnchecked = true },
        new WholeInput("steps", 10, 1, 10000),
        new NumberInput("denoise", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (model, steps) = (run.Choice("model_type"), run.Whole("steps"));
        return [SigmasValue.Of(ComfySigmas.AlignYourSteps(model, steps, run.Number("denoise")))];
    }
}
