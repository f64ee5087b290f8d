namespace Lowrank.Models;

/// <summary>gpt-oss (OpenAI, arXiv 2508.10925): experts with biases and clamped gates, a sink in every head's softmax, every second layer
/// slides.</summary>
static class GptOss
{
    public static LanguageArchitecture Architecture { get; } = new("gpt_oss", "gpt-oss")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("GptOss", (config, storage) => Body((ExpertsConfig)config, storage)),
    };

    static ExpertsConfig Read(ConfigReader file)
    {
        var config = RopedConfig.Read(file, new() { AbsentEps = 1e-5 }, theta: 150_000);
        return new(config)
        {
            AttentionBias = file.Flag("attention_bias", true),
            Windows = ConfigFields.WindowsIn(file, config.Layers, layer => layer % 2 == 0),
            Experts = file.Count("num_local_experts"),
            ChosenExperts = file.Count("num_experts_per_tok", 4),
            BalanceShare = file.Number("router_aux_loss_coef", 0.9),
            GateLimit = file.Number("swiglu_limit", 7.0),
            GateSlope = file.Number("swiglu_alpha", 1.702),
        };
    }

    static Decoder Body(ExpertsConfig config, Storage? storage)
    {
        var parts = new AttentionParts { Bias = config.AttentionBias, HasSinks = true };
        return new("GptOssModel", LlamaParts.Of("GptOss", config, config.Roped, parts, Mlp, storage));

        nn.Module Mlp(int layer) => new ExpertMlp("GptOssMLP", ("router", new Linear(config.HiddenSize, config.Experts, storage: storage)),
            new ClampedExperts(config, storage), config.ChosenExperts, RouterRule.SoftmaxOfChosen);
    }
}

/// <summary>Experts (in, out) with biases, gate and up in turns: (up + 1) · gate · σ(slope · gate), both kept within bounds.</summary>
sealed class ClampedExperts : Experts
{
    readonly IReadOnlyList<StackedMatrix> gateUp, down;
    readonly double limit, slope;

    public ClampedExperts(ExpertsConfig config, Storage? storage) : base("GptOssExperts", config.Experts)
    {
        int hidden = config.HiddenSize, inner = config.IntermediateSize;
        (limit, slope) = (config.GateLimit ?? double.PositiveInfinity, config.GateSlope);
        gateUp = Turned("gate_up_proj", hidden, 2 * inner);
        down = Turned("down_proj", inner, hidden);

        IReadOnlyList<StackedMatrix> Turned(string name, int inputs, int outputs) => Stacked(name,
            Weights.Parameter(storage, config.Experts, inputs, outputs), LayerKind.TransposedLinear,
            Weights.Parameter(storage, config.Experts, outputs));
    }

    protected override Tensor One(Tensor tokens, int expert)
    {
        var both = gateUp[expert].Answer(tokens).view(tokens.shape[0], -1, 2);   // (n, W, 2)
        var gate = both.select(-1, 0).clamp(max: limit);
        var up = both.select(-1, 1).clamp(-limit, limit);
        return down[expert].Answer((up + 1) * gate * (gate * slope).sigmoid());
    }
}
