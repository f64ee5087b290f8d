namespace Lowrank.Graphs;

/// <summary>Lets a grey noise mask open step by step: the lighter, the earlier.</summary>
/// <remarks>
/// Levin and Fried 2023 (arXiv:2306.00950), as ComfyUI's comfy_extras/nodes_differential_diffusion.py computes it (a125cd8).
/// </remarks>
sealed class DifferentialDiffusion : GraphNode
{
    public override string ClassType => "DifferentialDiffusion";

    public override string Title => "Differential Diffusion";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model", GraphTypes.Model), new NumberInput("strength", 1, 0, 1) { IsOptional = true }];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var model = run.Get<ModelValue>("model");
        double strength = run.Number("strength");
        return [model with { Changes = model.Changes with { Mask = Rule } }];

        Tensor Rule(Tensor mask, double sigma, ModelSampling sampling, IReadOnlyList<float> sigmas)
        {
            var open = mask.ge(Threshold(sigma, sampling, sigmas)).to(mask.dtype);
            return strength is > 0 and < 1 ? strength * open + (1 - strength) * mask : open;
        }
    }

    // How much of the way, by timesteps, is still to go.
    static double Threshold(double sigma, ModelSampling sampling, IReadOnlyList<float> sigmas)
    {
        double last = sampling.Timestep(Math.Max(sigmas[^1], (float)sampling.Table.Min)), first = sampling.Timestep(sigmas[0]);
        return (sampling.Timestep(sigma) - last) / (first - last);
    }
}
