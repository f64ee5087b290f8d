namespace Lowrank.Models;

/// <summary>GPT-2 (Radford et al. 2019), whose weights are (in, out) and whose positions are a table.</summary>
static class Gpt2
{
    public static LanguageArchitecture Architecture { get; } = new("gpt2", "GPT-2")
    {
        Read = Read,
        Tasks =
        [
            .. LanguageTask.OverBody("GPT2", (config, storage) => new Gpt2Body((Gpt2Config)config, storage), new("transformer"))
                .Select(task => task.Class == "GPT2ForCausalLM" ? task with { Class = "GPT2LMHeadModel" } : task),
        ],
        Names = new() { Body = "transformer", Buffers = ["attn.bias"] },
        Mlx = new(
            ("transformer.wte", "model.wte"), ("transformer.wpe", "model.wpe"), ("transformer.ln_f", "model.ln_f"),
            ("transformer.h.{}.ln_1", "model.h.{}.ln_1"), ("transformer.h.{}.ln_2", "model.h.{}.ln_2"),
            ("transformer.h.{}.attn.c_attn", "model.h.{}.attn.c_attn"), ("transformer.h.{}.attn.c_proj", "model.h.{}.attn.c_proj"),
            ("transformer.h.{}.mlp.c_fc", "model.h.{}.mlp.c_fc"), ("transformer.h.{}.mlp.c_proj", "model.h.{}.mlp.c_proj")),
        Gguf = new("gpt2",
        [
            new("transformer.wte", "token_embd"), new("transformer.wpe", "position_embd"), new("transformer.ln_f", "output_norm"),
            new("lm_head", "output"),
            new("transformer.h.{}.ln_1", "blk.{}.attn_norm"), new("transformer.h.{}.ln_2", "blk.{}.ffn_norm"),
            .. GgufNames.With(new TurnedWeight(),
            [
                new("transformer.h.{}.attn.c_attn", "blk.{}.attn_qkv"), new("transformer.h.{}.attn.c_proj", "blk.{}.attn_output"),
                new("transformer.h.{}.mlp.c_fc", "blk.{}.ffn_up"), new("transformer.h.{}.mlp.c_proj", "blk.{}.ffn_down"),
            ]),
        ],
        [
            new PlainField("block_count", "n_layer"), new PlainField("context_length", "n_positions"),
            new PlainField("embedding_length", "n_embd"),
            new PlainField("feed_forward_length", "n_inner") { Otherwise = "n_embd", Times = 4 },
            new PlainField("attention.head_count", "n_head") { Least = 1 },
            new PlainField("attention.layer_norm_epsilon", "layer_norm_epsilon") { IsNumber = true }, new FileTypeField(),
        ]),
    };

    static Gpt2Config Read(ConfigReader file)
    {
        var fields = new ConfigFields
        {
            Hidden = "n_embd", Inner = "n_inner", InnerTimes = 4, Layers = "n_layer", Heads = "n_head", Positions = "n_positions",
            AbsentPositions = file.OptionalCount("n_ctx"), Eps = "layer_norm_epsilon", AbsentEps = 1e-5,
            Activation = "activation_function", AbsentActivation = "gelu_new", Ties = true,
        };
        file.Only("add_cross_attention");
        return new(fields.Read(file))
        {
            DividesByRoot = file.Flag("scale_attn_weights", true),
            DividesByLayer = file.Flag("scale_attn_by_inverse_layer_idx", false),
        };
    }
}

/// <summary>What GPT-2's config has besides.</summary>
sealed record Gpt2Config : LanguageConfig
{
    public Gpt2Config(LanguageConfig common) : base(common) { }

    /// <summary>Whether scores are divided by √d.</summary>
    public bool DividesByRoot { get; init; }

    /// <summary>Whether they are divided by the layer's number, counted from 1, besides.</summary>
    public bool DividesByLayer { get; init; }

    /// <summary>How a layer attends.</summary>
    public AttentionShape Scaled(int layer) => Attention(layer) with
    {
        Scale = (DividesByRoot ? 1 / Math.Sqrt(HeadDim) : 1) / (DividesByLayer ? layer + 1 : 1),
    };
}

/// <summary>Tokens and positions, layers, final norm.</summary>
sealed class Gpt2Body : Decoder
{
    readonly Embedding wpe;

    public Gpt2Body(Gpt2Config config, Storage? storage) : base("GPT2Model", Parts(config, storage))
    {
        wpe = new Embedding(config.MaxPositions, config.HiddenSize, storage);
        register_module("wpe", wpe);
    }

    protected override Tensor Embed(Tensor tokens, Pass pass) => tokens + LearntPositions.Rows(wpe, pass.Positions).to(tokens.dtype);

    static DecoderParts Parts(Gpt2Config config, Storage? storage)
    {
        int width = config.HiddenSize;
        return new(new Embedding(config.VocabularySize, width, storage), [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(),
            config.Windows) { Names = new("wte", "h", "ln_f") };

        LayerNorm Norm() => new(width, config.NormEps, storage);

        Layer<Tensor, Pass> Layer(int number)
        {
            var attention = new FusedAttention("GPT2Attention", config.Scaled(number), ("c_attn", new Conv1D(width, 3 * width, storage)),
                QkvOrder.Whole, ("c_proj", new Conv1D(width, width, storage)));
            var mlp = new PlainMlp("GPT2MLP", ("c_fc", new Conv1D(width, config.IntermediateSize, storage)),
                ("c_proj", new Conv1D(config.IntermediateSize, width, storage)), config.Activation);
            return new SerialLayer("GPT2Block", new("ln_1", "attn", "ln_2", "mlp"), Norm(), attention, Norm(), mlp);
        }
    }
}
