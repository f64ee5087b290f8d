namespace Lowrank.Formats;

/// <summary>Finds a tensor's role by its name in GGUF files, and whether it is quantised at all (llama.cpp, src/llama-quant.cpp).</summary>
static class TensorRoles
{
    static readonly (string Part, TensorRole Role)[] parts =
    [
        ("attn_qkv.weight", TensorRole.Fused), ("attn_kv_b.weight", TensorRole.KeyAndValue), ("attn_v.weight", TensorRole.Value),
        ("attn_k.weight", TensorRole.Key), ("attn_q.weight", TensorRole.Query), ("attn_output.weight", TensorRole.AttentionOutput),
        ("ffn_down", TensorRole.Down),
    ];

    // Small, or of more weight than their size: norms, routers, positions, convolutions of state-space models, RWKV's mixing, pictures.
    static readonly string[] kept =
    [
        "_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid.weight", "altup", "laurel", "per_layer_model_proj", "ssm_conv1d",
        "shortconv.conv.weight", "indexer.k_proj.weight", "indexer.q_proj.weight", "time_mix_first.weight", "time_mix_w0.weight",
        "time_mix_w1.weight", "time_mix_w2.weight", "time_mix_v0.weight", "time_mix_v1.weight", "time_mix_v2.weight", "time_mix_a0.weight",
        "time_mix_a1.weight", "time_mix_a2.weight", "time_mix_g1.weight", "time_mix_g2.weight", "time_mix_decay_w1.weight",
        "time_mix_decay_w2.weight", "time_mix_lerp_fused.weight", "attn_rel_b.weight", ".position_embd", "sam.pos_embd", "sam.neck.",
        "sam.net_", ".rel_pos", ".patch_embd", ".patch_merger", "a.rvq.codebook", "mm.a.code_embd",
    ];

    internal static TensorRole Of(string name)
    {
        if (name == "output.weight") return TensorRole.Output;
        if (name is "token_embd.weight" or "per_layer_token_embd.weight") return TensorRole.Embedding;
        foreach (var (part, role) in parts)
            if (name.Contains(part, StringComparison.Ordinal)) return role;
        return TensorRole.Other;
    }

    /// <summary>Values, or what holds them: they bear rounding worst.</summary>
    internal static bool HoldsValues(this TensorRole role) => role is TensorRole.Value or TensorRole.Fused or TensorRole.KeyAndValue;

    internal static bool IsQuantized(TensorInfo info)
    {
        if (AxesOf(info.Shape) < 2) return false;
        if (!info.Name.EndsWith("weight", StringComparison.Ordinal)) return false;
        if (info.Name is "position_embd.weight" or "token_types.weight") return false;
        return !kept.Any(part => info.Name.Contains(part, StringComparison.Ordinal));
    }

    // As ggml counts them: the slowest axes of length 1 are none.
    static int AxesOf(long[] shape)
    {
        int axes = shape.Length;
        while (axes > 1 && shape[^axes] == 1) axes--;
        return axes;
    }
}
