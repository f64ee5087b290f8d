namespace Lowrank.Models;

/// <summary>Gemma (arXiv 2403.08295): Llama with scaled embeddings, norms around 1, and tanh-gelu.</summary>
static class Gemma
{
    public static LanguageArchitecture Architecture { get; } = new("gemma", "Gemma")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Gemma", (config, storage) => Body((RopedConfig)config, storage)),
        Gguf = new("gemma", GgufNames.OfGemma, GgufFields.OfGemma),
    };

    /// <summary>What the common fields of all Gemmas mean where they are absent.</summary>
    public static ConfigFields Fields { get; } =
        new() { Ties = true, Activation = "hidden_activation", AbsentActivation = "gelu_pytorch_tanh" };

    // "hidden_act" was gelu in the first files and meant tanh-gelu, which "hidden_activation" said later.
    static RopedConfig Read(ConfigReader file)
    {
        string? act = file.OptionalWord("hidden_act", Activations.Names);
        string absent = act is null or "gelu" ? "gelu_pytorch_tanh" : act;
        return RopedConfig.Read(file, Fields with { AbsentActivation = absent }) with
        {
            AttentionBias = file.Flag("attention_bias", false),
        };
    }

    static Decoder Body(RopedConfig config, Storage? storage)
    {
        return new("GemmaModel", new(new Embedding(config.VocabularySize, config.HiddenSize, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(config.HiddenSize, config, storage), config.Windows)
        {
            EmbeddingScale = Math.Sqrt(config.HiddenSize),
        });

        Layer<Tensor, Pass> Layer(int number) => new SerialLayer("GemmaDecoderLayer", new(), Norm(config.HiddenSize, config, storage),
            new SelfAttention("GemmaAttention", config.HiddenSize, config.Roped(number), new() { Bias = config.AttentionBias }, storage),
            Norm(config.HiddenSize, config, storage), LlamaParts.Mlp("Gemma", config, bias: false, storage));
    }

    /// <summary>A norm whose files hold what its scale differs from 1 by.</summary>
    public static RmsNorm Norm(int width, LanguageConfig config, Storage? storage) => new(width, config.NormEps, storage, offset: 1);
}
