namespace Lowrank.Models;

/// <summary>Shape of a CLIP text encoder, as its config.json says it.</summary>
public sealed record ClipTextConfig
{
    /// <summary>Number of tokens known.</summary>
    public int VocabularySize { get; init; } = 49408;

    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Width inside the feed-forward part of a layer.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Number of layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Longest sequence of tokens.</summary>
    public int MaxPositions { get; init; } = 77;

    /// <summary>"quick_gelu" (x·σ(1.702x)) or "gelu" (exact).</summary>
    public string Activation { get; init; } = "quick_gelu";

    /// <summary>Added to variances before the root.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Id at whose first position the sequence is pooled. 2, which old files say, means: at the biggest id instead.</summary>
    public int EndTokenId { get; init; } = 2;

    /// <summary>Width of the projected pooled state; null for a model without projection (CLIPTextModel).</summary>
    public int? ProjectionSize { get; init; }

    /// <summary>The encoder of Stable Diffusion 1, and the first of XL: ViT-L/14.</summary>
    public static ClipTextConfig Sd15 { get; } = new();

    /// <summary>The encoder of Stable Diffusion 2: ViT-H/14 without its last layer.</summary>
    public static ClipTextConfig Sd21 { get; } =
        new() { HiddenSize = 1024, IntermediateSize = 4096, Layers = 23, Heads = 16, Activation = "gelu" };

    /// <summary>The second encoder of Stable Diffusion XL: ViT-bigG/14, with projection.</summary>
    public static ClipTextConfig SdxlSecond { get; } =
        new() { HiddenSize = 1280, IntermediateSize = 5120, Layers = 32, Heads = 20, Activation = "gelu", ProjectionSize = 1280 };

    /// <summary>Reads a published config.json; "architectures" tells whether there is a projection.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LowrankException">
    /// The file is missing, or values are missing, impossible or not supported; all are listed.
    /// </exception>
    public static ClipTextConfig Read(string path)
    {
        var architectures = JsonFile.Object(path).TryGetProperty("architectures", out var names) ? names.ToString() : "";
        var reader = ConfigReader.Open(path);
        reader.Word("model_type", "clip_text_model");
        reader.Only("attention_dropout", 0);
        int projection = reader.Count("projection_dim", 512);
        var config = new ClipTextConfig
        {
            VocabularySize = reader.Count("vocab_size", 49408),
            HiddenSize = reader.Count("hidden_size", 512),
            IntermediateSize = reader.Count("intermediate_size", 2048),
            Layers = reader.Count("num_hidden_layers", 12),
            Heads = reader.Count("num_attention_heads", 8),
            MaxPositions = reader.Count("max_position_embeddings", 77),
            Activation = reader.Word("hidden_act", "quick_gelu", "gelu"),
            NormEps = reader.Number("layer_norm_eps", 1e-5),
            EndTokenId = reader.Integer("eos_token_id", 49407),
            ProjectionSize = architectures.Contains("WithProjection", StringComparison.Ordinal) ? projection : null,
        };
        reader.Require(config.HiddenSize % config.Heads == 0,
            $"num_attention_heads is {config.Heads}, which does not divide hidden_size {config.HiddenSize}");
        // transformers writes dozens of fields that concern generation alone, so unknown ones are no fault here.
        reader.Finish(strict: false);
        return config;
    }
}
