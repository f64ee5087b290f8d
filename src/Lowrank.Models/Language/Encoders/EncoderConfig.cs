namespace Lowrank.Models;

/// <summary>What configs of BERT and those after it have besides.</summary>
record EncoderConfig : LanguageConfig
{
    public EncoderConfig(LanguageConfig common) : base(common) { }

    /// <summary>Rows of the table of types; 0 for none.</summary>
    public int Types { get; init; }

    /// <summary>How a layer attends: to all tokens, or to those near it on either side.</summary>
    public AttentionShape BothSides(int layer) => Attention(layer) with { Causal = false };

    /// <summary>The fields that BERT has and those after it took over.</summary>
    public static ConfigFields Fields { get; } = new()
    {
        AbsentPositions = null, Eps = "layer_norm_eps", AbsentEps = 1e-12, AbsentActivation = "gelu", Ties = true,
    };

    /// <summary>Reads such a config.</summary>
    public static EncoderConfig Read(ConfigReader file)
    {
        Demand(file);
        return new(Fields.Read(file)) { Types = file.Count("type_vocab_size", 2) };
    }

    /// <summary>Refuses what such a model may be told to be and is not built.</summary>
    public static void Demand(ConfigReader file)
    {
        file.OptionalWord("position_embedding_type", "absolute");
        file.Require(!file.Flag("is_decoder", false), "is_decoder is true, and only models that see whole rows are built");
    }
}
