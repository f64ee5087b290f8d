namespace Lowrank.Models;

/// <summary>Phi-3 (arXiv 2404.14219): one projection for queries, keys and values, one for gate and up, and heads that turn in
/// part.</summary>
static class Phi3
{
    public static LanguageArchitecture Architecture { get; } = new("phi3", "Phi-3")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Phi3", (config, storage) => Body((RopedConfig)config, storage)),
        Gguf = new("phi3",
        [
            .. GgufNames.Around, .. GgufNames.Norms,
            new("model.layers.{}.self_attn.qkv_proj", "blk.{}.attn_qkv"), new("model.layers.{}.self_attn.o_proj", "blk.{}.attn_output"),
            new("model.layers.{}.mlp.gate_up_proj", "blk.{}.ffn_up"), new("model.layers.{}.mlp.down_proj", "blk.{}.ffn_down"),
        ],
        [
            GgufFields.Positions, new LongRopeField(), GgufFields.Width, GgufFields.Inner, GgufFields.Layers, .. GgufFields.Heads,
            GgufFields.RmsEps, new RotatedField(), new RopeField { IsStretchWritten = false }, new FileTypeField(), GgufFields.WindowOrNone,
        ]),
    };

    static RopedConfig Read(ConfigReader file)
    {
        var config = RopedConfig.Read(file, new() { AbsentEps = 1e-5 });
        return config with { Windows = ConfigFields.WindowsIn(file, config.Layers, _ => true) };
    }

    static Decoder Body(RopedConfig config, Storage? storage)
    {
        return new("Phi3Model", new(new Embedding(config.VocabularySize, config.HiddenSize, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], LlamaParts.Norm(config, storage), config.Windows));

        Layer<Tensor, Pass> Layer(int number)
        {
            var shape = config.Roped(number);
            var fused = new Linear(config.HiddenSize, shape.Width + 2 * shape.KeyWidth, bias: false, storage);
            var attention = new FusedAttention("Phi3Attention", shape, ("qkv_proj", fused), QkvOrder.Whole,
                ("o_proj", new Linear(shape.Width, config.HiddenSize, bias: false, storage)));
            var mlp = new HalvedMlp("Phi3MLP",
                ("gate_up_proj", new Linear(config.HiddenSize, 2 * config.IntermediateSize, bias: false, storage)),
                ("down_proj", new Linear(config.IntermediateSize, config.HiddenSize, bias: false, storage)), config.Activation);
            return new SerialLayer("Phi3DecoderLayer", new(), LlamaParts.Norm(config, storage), attention,
                LlamaParts.Norm(config, storage), mlp);
        }
    }
}
