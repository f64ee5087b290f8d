namespace Lowrank.Models;

/// <summary>What the modules of a layer are called.</summary>
/// <param name="Norm1">The norm before attention.</param>
/// <param name="Attention">Attention.</param>
/// <param name="Norm2">The norm before the feed-forward part.</param>
/// <param name="Mlp">The feed-forward part.</param>
sealed record LayerNames(
    string Norm1 = "input_layernorm", string Attention = "self_attn", string Norm2 = "post_attention_layernorm", string Mlp = "mlp");
