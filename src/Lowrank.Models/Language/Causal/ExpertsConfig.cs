namespace Lowrank.Models;

/// <summary>What configs of models with experts have besides.</summary>
sealed record ExpertsConfig : RopedConfig
{
    /// <summary>What models without experts have.</summary>
    public ExpertsConfig(RopedConfig common) : base(common) { }

    /// <summary>How many experts a layer has.</summary>
    public int Experts { get; init; }

    /// <summary>How many a token goes through.</summary>
    public int ChosenExperts { get; init; }

    /// <summary>Width inside an expert.</summary>
    public int ExpertSize { get; init; }

    /// <summary>Width inside the expert that all tokens go through; 0 for none.</summary>
    public int SharedExpertSize { get; init; }

    /// <summary>Whether the weights of a token's experts are made to sum to one.</summary>
    public bool SumsToOne { get; init; }

    /// <summary>Which layers have experts; the others are dense.</summary>
    public IReadOnlyList<bool> HasExperts { get; init; } = [];

    /// <summary>By what the loss of balance is multiplied before it is added to the loss.</summary>
    public double BalanceShare { get; init; }

    /// <summary>The bounds within which gates and their partners are kept; null for none.</summary>
    public double? GateLimit { get; init; }

    /// <summary>The steepness of gates.</summary>
    public double GateSlope { get; init; } = 1.702;

    /// <summary>Reads the fields of Qwen's models with experts.</summary>
    public static ExpertsConfig ReadQwen(ConfigReader file)
    {
        var config = RopedConfig.Read(file);
        var dense = file.Integers("mlp_only_layers");
        int every = file.Count("decoder_sparse_step", 1);
        return new(config)
        {
            Windows = Qwen2.WindowsIn(file, config.Layers),
            Experts = file.Has("num_experts") ? file.Count("num_experts") : file.Count("num_local_experts"),
            ChosenExperts = file.Count("num_experts_per_tok"),
            ExpertSize = file.Count("moe_intermediate_size"),
            SumsToOne = file.Flag("norm_topk_prob", false),
            HasExperts = [.. Enumerable.Range(0, config.Layers).Select(layer => !dense.Contains(layer) && (layer + 1) % every == 0)],
            BalanceShare = file.Number("router_aux_loss_coef", 0.001),
        };
    }

    /// <summary>How files of Qwen's models hold experts one by one.</summary>
    public static WeightNames QwenNames { get; } = new()
    {
        Stacks =
        [
            new("model.layers.{}.mlp.experts.gate_up_proj", "model.layers.{}.mlp.experts.{}.gate_proj.weight",
                "model.layers.{}.mlp.experts.{}.up_proj.weight"),
            new("model.layers.{}.mlp.experts.down_proj", "model.layers.{}.mlp.experts.{}.down_proj.weight"),
        ],
    };

    /// <summary>The feed-forward part of a layer of Qwen's models.</summary>
    /// <param name="family">What published classes begin with.</param>
    /// <param name="layer">The layer's number.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public nn.Module QwenMlp(string family, int layer, Storage? storage)
    {
        if (!HasExperts[layer]) return LlamaParts.Mlp(family, this, bias: false, storage);
        var shared = SharedExpertSize == 0 ? ((GatedMlp, Linear)?)null
            : (new GatedMlp($"{family}MLP", HiddenSize, SharedExpertSize, Activation, bias: false, storage),
                new Linear(HiddenSize, 1, bias: false, storage));
        return new ExpertMlp($"{family}SparseMoeBlock", ("gate", new Linear(HiddenSize, Experts, bias: false, storage)),
            new GatedExperts($"{family}Experts", Experts, HiddenSize, ExpertSize, Activation, storage), ChosenExperts,
            SumsToOne ? RouterRule.MadeToSumToOne : RouterRule.SoftmaxOfAll, shared);
    }
}
