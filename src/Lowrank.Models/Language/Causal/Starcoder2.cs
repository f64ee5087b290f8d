namespace Lowrank.Models;

/// <summary>StarCoder 2 (Lozhkov et al., arXiv 2402.19173): layer norms, biases, every layer slides.</summary>
static class Starcoder2
{
    public static LanguageArchitecture Architecture { get; } = new("starcoder2", "StarCoder 2")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Starcoder2", (config, storage) => Body((RopedConfig)config, storage)),
    };

    static RopedConfig Read(ConfigReader file)
    {
        var config = RopedConfig.Read(
            file, new() { Eps = "norm_epsilon", AbsentEps = 1e-5, AbsentActivation = "gelu_pytorch_tanh", Ties = true });
        return config with
        {
            AttentionBias = file.Flag("use_bias", true), Windows = ConfigFields.WindowsIn(file, config.Layers, _ => true),
        };
    }

    static Decoder Body(RopedConfig config, Storage? storage)
    {
        int width = config.HiddenSize, inner = config.IntermediateSize;
        return new("Starcoder2Model", new(new Embedding(config.VocabularySize, width, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(), config.Windows));

        LayerNorm Norm() => new(width, config.NormEps, storage);

        Layer<Tensor, Pass> Layer(int number)
        {
            var parts = new AttentionParts { Bias = config.AttentionBias };
            var mlp = new PlainMlp("Starcoder2MLP", ("c_fc", new Linear(width, inner, config.AttentionBias, storage)),
                ("c_proj", new Linear(inner, width, config.AttentionBias, storage)), config.Activation);
            return new SerialLayer("Starcoder2DecoderLayer", new(), Norm(),
                new SelfAttention("Starcoder2Attention", width, config.Roped(number), parts, storage), Norm(), mlp);
        }
    }
}
