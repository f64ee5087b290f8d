namespace Lowrank.Models;

/// <summary>Llama (Touvron et al., arXiv 2302.13971) and its successors to 3.x; TinyLlama and SmolLM2 too.</summary>
static class Llama
{
    public static LanguageArchitecture Architecture { get; } = new("llama", "Llama")
    {
        Read = file => RopedConfig.Read(file) with
        {
            AttentionBias = file.Flag("attention_bias", false),
            MlpBias = file.Flag("mlp_bias", false),
        },
        Tasks = LanguageTask.OverBody("Llama", (config, storage) => Body((RopedConfig)config, storage)),
        Gguf = new("llama", GgufNames.OfLlama(new PairedHeads()), GgufFields.OfLlama),
    };

    static Decoder Body(RopedConfig config, Storage? storage) => new("LlamaModel", LlamaParts.Of(
        "Llama", config, config.Roped, new() { Bias = config.AttentionBias }, config.MlpBias, storage));
}
