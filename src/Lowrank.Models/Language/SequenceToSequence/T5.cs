namespace Lowrank.Models;

/// <summary>T5 (Raffel et al., arXiv 1910.10683), its version 1.1, Flan and mT5: an encoder, and a decoder that looks back at it.</summary>
static class T5
{
    public static LanguageArchitecture Architecture { get; } = new("t5", "T5")
    {
        OtherNames = ["mt5"],
        Read = Read,
        Tasks = [Task("T5ForConditionalGeneration"), Task("T5WithLMHeadModel"), Task("MT5ForConditionalGeneration")],
        Names = new()
        {
            // The first published files hold a table that nothing reads.
            Buffers = ["EncDecAttention.relative_attention_bias.weight"],
        },
        TiesAbsentHead = true,
    };

    static LanguageTask Task(string name) =>
        new(name, (config, storage) => new SequenceToSequenceModel(name, (T5Config)config, storage));

    static T5Config Read(ConfigReader file)
    {
        var fields = new ConfigFields
        {
            Hidden = "d_model", Inner = "d_ff", Layers = "num_layers", Heads = "num_heads", HeadDim = "d_kv", Positions = "n_positions",
            AbsentPositions = 512, Eps = "layer_norm_epsilon", Activation = "dense_act_fn", AbsentActivation = "relu", Ties = true,
        };
        var common = fields.Read(file);
        string feed = file.Word("feed_forward_proj", ["relu", .. Activations.Names, .. Activations.Names.Select(name => $"gated-{name}")]);
        bool isGated = feed.StartsWith("gated-", StringComparison.Ordinal);
        string told = feed == "gated-gelu" ? "gelu_new" : isGated ? feed["gated-".Length..] : feed;
        return new(common)
        {
            Activation = Activations.Read(file, "dense_act_fn", told),
            IsGated = file.Flag("is_gated_act", isGated),
            DecoderLayers = file.Count("num_decoder_layers", common.Layers),
            Buckets = file.Count("relative_attention_num_buckets", 32),
            Farthest = file.Count("relative_attention_max_distance", 128),
            // Older files do not say it: those whose head is the table scale.
            ScalesOutput = file.Flag("scale_decoder_outputs", common.TiesHead),
            StartId = file.Integer("decoder_start_token_id", common.PadId ?? 0),
        };
    }
}
