namespace Lowrank.Graphs;

/// <summary>Sigmas of the fewest bends, found for each number of steps by search; the last is put to 0.</summary>
/// <remarks>Chen et al. 2024, "On the Trajectory Regularity of ODE-based Diffusion Sampling" (arXiv:2405.11326).</remarks>
sealed class GITSScheduler : GraphNode
{
    public override string ClassType => "GITSScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("coeff", 1.2, 0.8, 1.5, 0.05),
        new WholeInput("steps", 10, 2, 1000),
        new NumberInput("denoise", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (coefficient, steps) = (run.Number("coeff"), run.Whole("steps"));
        return [SigmasValue.Of(ComfySigmas.Gits(coefficient, steps, run.Number("denoise")))];
    }
}
