namespace Lowrank.Models;

/// <summary>What families have in common of their modules' names in GGUF files.</summary>
static class GgufNames
{
    const string Layer = "model.layers.{}", Block = "blk.{}";

    /// <summary>The parts around the layers, as Llama's are called.</summary>
    public static IReadOnlyList<GgufName> Around { get; } =
        [new("model.embed_tokens", "token_embd"), new("model.norm", "output_norm"), new("lm_head", "output")];

    /// <summary>The norms before attention and the feed-forward part.</summary>
    public static IReadOnlyList<GgufName> Norms { get; } =
    [
        new($"{Layer}.input_layernorm", $"{Block}.attn_norm"), new($"{Layer}.post_attention_layernorm", $"{Block}.ffn_norm"),
    ];

    /// <summary>The norms of heads.</summary>
    public static IReadOnlyList<GgufName> HeadNorms { get; } =
    [
        new($"{Layer}.self_attn.q_norm", $"{Block}.attn_q_norm"), new($"{Layer}.self_attn.k_norm", $"{Block}.attn_k_norm"),
    ];

    /// <summary>Projections of queries and keys, whose rows lie as <paramref name="change"/> says, of values, and out.</summary>
    public static IReadOnlyList<GgufName> Attention(GgufChange? change = null) =>
    [
        new($"{Layer}.self_attn.q_proj", $"{Block}.attn_q") { Change = change ?? GgufChange.None },
        new($"{Layer}.self_attn.k_proj", $"{Block}.attn_k") { Change = change ?? GgufChange.None },
        new($"{Layer}.self_attn.v_proj", $"{Block}.attn_v"), new($"{Layer}.self_attn.o_proj", $"{Block}.attn_output"),
    ];

    /// <summary>A gated feed-forward part.</summary>
    public static IReadOnlyList<GgufName> GatedMlp { get; } =
    [
        new($"{Layer}.mlp.gate_proj", $"{Block}.ffn_gate"), new($"{Layer}.mlp.up_proj", $"{Block}.ffn_up"),
        new($"{Layer}.mlp.down_proj", $"{Block}.ffn_down"),
    ];

    /// <summary>The parts of a model as Llama is built.</summary>
    public static IReadOnlyList<GgufName> OfLlama(GgufChange? change = null) => [.. Around, .. Norms, .. Attention(change), .. GatedMlp];

    /// <summary>Names whose numbers lie as that says.</summary>
    public static IEnumerable<GgufName> With(GgufChange change, IEnumerable<GgufName> names) =>
        names.Select(name => name with { Change = change });

    /// <summary>The parts of Gemma, whose norms scale by what they hold and 1.</summary>
    public static IReadOnlyList<GgufName> OfGemma { get; } =
        [Around[0], Around[2], .. Attention(), .. GatedMlp, .. With(new AddedOne(), [Around[1], .. Norms])];

    /// <summary>The parts of Gemma 2, whose norms are four a layer and scale by what they hold and 1.</summary>
    public static IReadOnlyList<GgufName> OfGemma2 { get; } =
    [
        Around[0], Around[2], .. Attention(), .. GatedMlp,
        .. With(new AddedOne(),
        [
            Around[1], new($"{Layer}.input_layernorm", $"{Block}.attn_norm"),
            new($"{Layer}.post_attention_layernorm", $"{Block}.post_attention_norm"),
            new($"{Layer}.pre_feedforward_layernorm", $"{Block}.ffn_norm"),
            new($"{Layer}.post_feedforward_layernorm", $"{Block}.post_ffw_norm"),
        ]),
    ];

    /// <summary>The parts of BERT.</summary>
    /// <param name="positions">How its table of positions lies.</param>
    public static IReadOnlyList<GgufName> OfBert(GgufChange? positions = null)
    {
        const string Own = "encoder.layer.{}";
        return
        [
            new("embeddings.word_embeddings", "token_embd"), new("embeddings.token_type_embeddings", "token_types"),
            new("embeddings.position_embeddings", "position_embd") { Change = positions ?? GgufChange.None },
            new("embeddings.LayerNorm", "token_embd_norm"),
            new($"{Own}.attention.self.query", $"{Block}.attn_q"), new($"{Own}.attention.self.key", $"{Block}.attn_k"),
            new($"{Own}.attention.self.value", $"{Block}.attn_v"), new($"{Own}.attention.output.dense", $"{Block}.attn_output"),
            new($"{Own}.attention.output.LayerNorm", $"{Block}.attn_output_norm"),
            new($"{Own}.intermediate.dense", $"{Block}.ffn_up"), new($"{Own}.output.dense", $"{Block}.ffn_down"),
            new($"{Own}.output.LayerNorm", $"{Block}.layer_output_norm"),
        ];
    }
}
