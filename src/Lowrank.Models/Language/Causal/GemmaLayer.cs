namespace Lowrank.Models;

/// <summary>The layer of Gemma 2 and 3: a norm before and after attention, and before and after the feed-forward part.</summary>
sealed class GemmaLayer : Layer<Tensor, Pass>
{
    readonly RmsNorm input_layernorm, post_attention_layernorm, pre_feedforward_layernorm, post_feedforward_layernorm;
    readonly SelfAttention self_attn;
    readonly GatedMlp mlp;

    /// <param name="family">What published classes begin with.</param>
    /// <param name="config">The shape.</param>
    /// <param name="attention">Attention.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public GemmaLayer(string family, LanguageConfig config, SelfAttention attention, Storage? storage) : base($"{family}DecoderLayer")
    {
        self_attn = attention;
        mlp = LlamaParts.Mlp(family, config, bias: false, storage);
        input_layernorm = Norm();
        post_attention_layernorm = Norm();
        pre_feedforward_layernorm = Norm();
        post_feedforward_layernorm = Norm();
        RegisterComponents();

        RmsNorm Norm() => Gemma.Norm(config.HiddenSize, config, storage);
    }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var h = x + post_attention_layernorm.call(self_attn.call(input_layernorm.call(x), pass));
        return h + post_feedforward_layernorm.call(mlp.call(pre_feedforward_layernorm.call(h)));
    }
}
