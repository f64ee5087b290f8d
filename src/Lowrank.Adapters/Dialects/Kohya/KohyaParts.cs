namespace Lowrank.Adapters;

/// <summary>The parts that kohya's scripts, LyCORIS and the programs which follow them have suffixes for.</summary>
static class KohyaParts
{
    /// <summary>Suffixes with the method and the part that they mean.</summary>
    public static IReadOnlyList<(string Suffix, string Method, string Part)> All { get; } =
    [
        (".lora_down.weight", "lora", "down"), (".lora_up.weight", "lora", "up"), (".lora_mid.weight", "lora", "mid"),
        (".bias_indices", "lora", SparseRest.IndicesPart), (".bias_values", "lora", SparseRest.ValuesPart),
        (".bias_size", "lora", SparseRest.SizePart),
        (".hada_w1_a", "loha", "w1a"), (".hada_w1_b", "loha", "w1b"), (".hada_w2_a", "loha", "w2a"), (".hada_w2_b", "loha", "w2b"),
        (".hada_t1", "loha", "t1"), (".hada_t2", "loha", "t2"),
        (".lokr_w1", "lokr", "w1"), (".lokr_w1_a", "lokr", "w1a"), (".lokr_w1_b", "lokr", "w1b"),
        (".lokr_w2", "lokr", "w2"), (".lokr_w2_a", "lokr", "w2a"), (".lokr_w2_b", "lokr", "w2b"), (".lokr_t2", "lokr", "t2"),
        (".a1.weight", "glora", "a1"), (".a2.weight", "glora", "a2"), (".b1.weight", "glora", "b1"), (".b2.weight", "glora", "b2"),
        (".bm.weight", "glora", "bm"),
        (".weight", "ia3", "weight"), (".on_input", "ia3", "on_input"),
        (".oft_blocks", "diag-oft", "oft_blocks"), (".oft_blocks", "boft", "oft_blocks"),
        (".rescale", "diag-oft", "rescale"), (".rescale", "boft", "rescale"),
        (".q_layer.weight", "tlora", "q"), (".p_layer.weight", "tlora", "p"), (".lambda_layer", "tlora", "lambda"),
        (".base_q", "tlora", "base_q"), (".base_p", "tlora", "base_p"), (".base_lambda", "tlora", "base_lambda"),
        (".set_weight", "whole", "weight"), (".reshape_weight", "", Wrappers.ShapePart),
        (".diff", "full", "diff"), (".diff_b", "full", BiasChange.Part), (".diff_b", "", BiasChange.Part),
        (".w_norm", "norm", "w_norm"), (".b_norm", "norm", "b_norm"),
        (".dora_scale", "", Dora.Part),
        (".alpha", "", "alpha"),
    ];

    /// <summary>What LyCORIS keeps beside a LoRA of a weight that was sparse; most programs do not know it.</summary>
    public static IReadOnlySet<string> Sparse { get; } =
        new HashSet<string> { SparseRest.IndicesPart, SparseRest.ValuesPart, SparseRest.SizePart };
}
