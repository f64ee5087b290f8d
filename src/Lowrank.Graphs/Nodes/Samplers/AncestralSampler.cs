namespace Lowrank.Graphs;

/// <summary>Samplers that draw noise anew in each step, with how much of it and its scale.</summary>
sealed class AncestralSampler : GraphNode
{
    const double Many = 100;

    /// <summary>Euler ancestral.</summary>
    public static AncestralSampler Euler { get; } = new("SamplerEulerAncestral", "euler_ancestral", (Many, Many));

    /// <summary>The same of the CFG++ kind.</summary>
    public static AncestralSampler EulerCfgPlusPlus { get; } =
        new("SamplerEulerAncestralCFGPP", "euler_ancestral_cfg_pp", (1, 10)) { Shown = "SamplerEulerAncestralCFG++" };

    /// <summary>DPM++ 2S ancestral.</summary>
    public static AncestralSampler DpmPlusPlus2S { get; } = new("SamplerDPMPP_2S_Ancestral", "dpmpp_2s_ancestral", (Many, Many));

    readonly string sampler;

    AncestralSampler(string classType, string sampler, (double Eta, double NoiseScale) most)
    {
        (ClassType, this.sampler) = (classType, sampler);
        Inputs =
        [
            new NumberInput("eta", 1, 0, most.Eta, 0.01) { IsRounded = false },
            new NumberInput("s_noise", 1, 0, most.NoiseScale, 0.01) { IsRounded = false },
        ];
    }

    public override string ClassType { get; }

    public override string Title => Shown ?? ClassType;

    public override IReadOnlyList<NodeInput> Inputs { get; }

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var options = new SamplerOptions { Eta = run.Number("eta"), NoiseScale = run.Number("s_noise") };
        return [new SamplerValue(ComfySamplers.Create(sampler, options))];
    }

    string? Shown { get; init; }
}
