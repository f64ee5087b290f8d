namespace Lowrank.Graphs;

/// <summary>Samples latents under two prompts, on a stretch of the steps.</summary>
sealed class KSamplerAdvanced : GraphNode
{
    public override string ClassType => "KSamplerAdvanced";

    public override string Title => "KSampler (Advanced)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new ChoiceInput("add_noise", "enable", "disable"),
        WholeInput.Seed("noise_seed"),
        .. NamedSampling.Inputs,
        new WholeInput("start_at_step", 0, 0, 10000),
        new WholeInput("end_at_step", 10000, 0, 10000),
        new ChoiceInput("return_with_leftover_noise", "disable", "enable"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sampling = new NamedSampling(run, "noise_seed");
        var (start, end) = (run.Whole("start_at_step"), run.Whole("end_at_step"));
        bool toZero = run.Choice("return_with_leftover_noise") == "disable";
        var sigmas = ComfySigmas.Between(sampling.Sigmas(), start, end, toZero);
        if (sigmas is null) return [run.Get<LatentValue>("latent_image")];
        return [sampling.Run(sigmas, run.Choice("add_noise") == "enable")];
    }
}
