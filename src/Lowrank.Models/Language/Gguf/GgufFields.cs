namespace Lowrank.Models;

/// <summary>The fields of families in GGUF files, in the order in which llama.cpp's converter writes them.</summary>
static class GgufFields
{
    /// <summary>The longest row.</summary>
    public static GgufField Positions { get; } = new PlainField("context_length", "max_position_embeddings");

    /// <summary>How many layers there are.</summary>
    public static GgufField Layers { get; } = new PlainField("block_count", "num_hidden_layers");

    /// <summary>Width of the hidden states.</summary>
    public static GgufField Width { get; } = new PlainField("embedding_length", "hidden_size");

    /// <summary>Width inside the feed-forward parts.</summary>
    public static GgufField Inner { get; } = new PlainField("feed_forward_length", "intermediate_size");

    static readonly GgufField heads = new PlainField("attention.head_count", "num_attention_heads") { Least = 1 };

    static readonly GgufField keyHeads =
        new PlainField("attention.head_count_kv", "num_key_value_heads") { MayLack = true, Otherwise = "num_attention_heads" };

    /// <summary>Heads of queries, and of keys and values.</summary>
    public static IReadOnlyList<GgufField> Heads { get; } = [heads, keyHeads];

    /// <summary>Layers, lengths, widths and heads, as most families have them.</summary>
    public static IReadOnlyList<GgufField> Sizes { get; } = [Layers, Positions, Width, Inner, .. Heads];

    /// <summary>The same in the order that Gemma's files have.</summary>
    public static IReadOnlyList<GgufField> SizesOfGemma { get; } = [Positions, Width, Layers, Inner, .. Heads];

    /// <summary>What is added to variances.</summary>
    public static GgufField RmsEps { get; } = new PlainField("attention.layer_norm_rms_epsilon", "rms_norm_eps") { IsNumber = true };

    /// <summary>As Llama's files have them.</summary>
    public static IReadOnlyList<GgufField> OfLlama { get; } =
        [.. Sizes, new RopeField(), RmsEps, new HeadField(), new FileTypeField(), new WordsField(), new RotatedField()];

    /// <summary>As Qwen's files have them.</summary>
    /// <param name="tellsHead">Whether the length of a head is always told.</param>
    public static IReadOnlyList<GgufField> OfQwen(bool tellsHead) =>
    [
        .. Sizes, new RopeField(), RmsEps, new HeadField { IsAlwaysTold = tellsHead }, new FileTypeField(),
        new RotatedField { IsWritten = false },
    ];

    /// <summary>As Gemma's files have them, whose rotary embedding llama.cpp knows.</summary>
    public static IReadOnlyList<GgufField> OfGemma { get; } =
    [
        .. SizesOfGemma, RmsEps, new HeadField(), new FileTypeField(), new RopeField { IsWritten = false },
        new RotatedField { IsWritten = false },
    ];

    /// <summary>As BERT and those after it have them.</summary>
    /// <param name="positions">The field of the longest row.</param>
    public static IReadOnlyList<GgufField> OfBert(GgufField positions) =>
    [
        Layers, positions, Width, Inner, heads, new PlainField("attention.layer_norm_epsilon", "layer_norm_eps") { IsNumber = true },
        new FileTypeField(), new BothSidesField(), new TypesField(), new PoolingField(),
    ];

    /// <summary>Soft caps of scores and logits, which files may lack.</summary>
    public static IReadOnlyList<GgufField> SoftCaps { get; } =
    [
        new PlainField("attn_logit_softcapping", "attn_logit_softcapping") { IsNumber = true, MayLack = true },
        new PlainField("final_logit_softcapping", "final_logit_softcapping") { IsNumber = true, MayLack = true },
    ];

    /// <summary>How far layers that slide see.</summary>
    public static GgufField Window { get; } = new PlainField("attention.sliding_window", "sliding_window");

    /// <summary>Whether a field is one of these two.</summary>
    public static bool IsWindow(GgufField field) => field == Window || field == WindowOrNone;

    /// <summary>The same where files may lack it, and say 0 where none slides.</summary>
    public static GgufField WindowOrNone { get; } =
        new PlainField("attention.sliding_window", "sliding_window") { MayLack = true, Absent = 0 };
}
