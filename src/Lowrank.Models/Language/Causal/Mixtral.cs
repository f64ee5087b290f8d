namespace Lowrank.Models;

/// <summary>Mixtral (Jiang et al., arXiv 2401.04088): Mistral whose feed-forward parts are experts.</summary>
static class Mixtral
{
    public static LanguageArchitecture Architecture { get; } = new("mixtral", "Mixtral")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Mixtral", (config, storage) => Body((ExpertsConfig)config, storage)),
        Names = new()
        {
            Others = new(("model.layers.{}.mlp.gate.weight", "model.layers.{}.block_sparse_moe.gate.weight")),
            Stacks =
            [
                new("model.layers.{}.mlp.experts.gate_up_proj", "model.layers.{}.block_sparse_moe.experts.{}.w1.weight",
                    "model.layers.{}.block_sparse_moe.experts.{}.w3.weight"),
                new("model.layers.{}.mlp.experts.down_proj", "model.layers.{}.block_sparse_moe.experts.{}.w2.weight"),
            ],
        },
    };

    static ExpertsConfig Read(ConfigReader file)
    {
        var config = RopedConfig.Read(file, new() { AbsentEps = 1e-5 }, theta: 1_000_000);
        return new(config)
        {
            Windows = ConfigFields.WindowsIn(file, config.Layers, _ => true),
            Experts = file.Count("num_local_experts"),
            ChosenExperts = file.Count("num_experts_per_tok", 2),
            BalanceShare = file.Number("router_aux_loss_coef", 0.001),
        };
    }

    static Decoder Body(ExpertsConfig config, Storage? storage)
    {
        return new("MixtralModel", LlamaParts.Of("Mixtral", config, config.Roped, new(), Mlp, storage));

        nn.Module Mlp(int layer) => new ExpertMlp("MixtralSparseMoeBlock",
            ("gate", new Linear(config.HiddenSize, config.Experts, bias: false, storage)),
            new GatedExperts("MixtralExperts", config.Experts, config.HiddenSize, config.IntermediateSize, config.Activation, storage),
            config.ChosenExperts, RouterRule.MadeToSumToOne);
    }
}
