namespace Lowrank.Models;

/// <summary>Shape of a UNet2DConditionModel, as its config.json says it. Lists have one entry a level, finest first.</summary>
public sealed record UNetConfig
{
    /// <summary>Channels of the input: 4 latent ones; 9 for inpainting (latents, mask, masked latents).</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the answer.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Channels of each level.</summary>
    public IReadOnlyList<int> BlockChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary>Going down: "CrossAttnDownBlock2D" or "DownBlock2D".</summary>
    public IReadOnlyList<string> DownBlocks { get; init; } = [CrossDown, CrossDown, CrossDown, PlainDown];

    /// <summary>Whether there is a block in the middle ("UNetMidBlock2DCrossAttn").</summary>
    public bool MidBlock { get; init; } = true;

    /// <summary>Going up, coarsest first: "CrossAttnUpBlock2D" or "UpBlock2D".</summary>
    public IReadOnlyList<string> UpBlocks { get; init; } = [PlainUp, CrossUp, CrossUp, CrossUp];

    /// <summary>Resnets of each level going down; one more going up.</summary>
    public IReadOnlyList<int> LayersPerBlock { get; init; } = [2, 2, 2, 2];

    /// <summary>Attention heads of each level. (The file's attention_head_dim means this number.)</summary>
    public IReadOnlyList<int> Heads { get; init; } = [8, 8, 8, 8];

    /// <summary>Transformer blocks in each attention of a level.</summary>
    public IReadOnlyList<int> TransformerDepth { get; init; } = [1, 1, 1, 1];

    /// <summary>Channels of the encoded text.</summary>
    public int CrossAttentionChannels { get; init; } = 768;

    /// <summary>Whether a transformer's two outer projections are linear layers (SD 2, XL) or 1x1 convolutions (SD 1).</summary>
    public bool UseLinearProjection { get; init; }

    /// <summary>Whether attention logits are computed in float32: SD 2.1's overflow float16.</summary>
    public bool UpcastAttention { get; init; }

    /// <summary>Groups of the group norms.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>Added to variances before the root, but for the transformers' group norm, which has 1e-6.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Whether the time embedding begins with the cosines.</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>Shift of the time embedding's frequencies.</summary>
    public double FrequencyShift { get; init; }

    /// <summary>Width of the sinusoids of each size number that XL is told; null for a model that is told none.</summary>
    public int? AddedTimeWidth { get; init; }

    /// <summary>Width of all that XL is told: pooled text and the sinusoids of its numbers; null for a model that is told none.</summary>
    public int? AddedInputWidth { get; init; }

    /// <summary>Kernel of the first convolution.</summary>
    public int ConvInKernel { get; init; } = 3;

    /// <summary>Kernel of the last convolution.</summary>
    public int ConvOutKernel { get; init; } = 3;

    /// <summary>Height and width in latents for which the model was made.</summary>
    public int SampleSize { get; init; } = 64;

    /// <summary>Number of levels.</summary>
    public int Levels => BlockChannels.Count;

    /// <summary>Channels of the time embedding.</summary>
    public int TimeChannels => 4 * BlockChannels[0];

    internal const string CrossDown = "CrossAttnDownBlock2D", PlainDown = "DownBlock2D";
    internal const string CrossUp = "CrossAttnUpBlock2D", PlainUp = "UpBlock2D";

    /// <summary>Stable Diffusion 1.5 (unet/config.json of the published model).</summary>
    public static UNetConfig Sd15 { get; } = new();

    /// <summary>Stable Diffusion 2.1 at 768 pixels.</summary>
    public static UNetConfig Sd21 { get; } = new()
    {
        Heads = [5, 10, 20, 20],
        CrossAttentionChannels = 1024,
        UseLinearProjection = true,
        UpcastAttention = true,
        SampleSize = 96,
    };

    /// <summary>Stable Diffusion XL base 1.0.</summary>
    public static UNetConfig Sdxl { get; } = new()
    {
        BlockChannels = [320, 640, 1280],
        DownBlocks = [PlainDown, CrossDown, CrossDown],
        UpBlocks = [CrossUp, CrossUp, PlainUp],
        LayersPerBlock = [2, 2, 2],
        Heads = [5, 10, 20],
        TransformerDepth = [1, 2, 10],
        CrossAttentionChannels = 2048,
        UseLinearProjection = true,
        AddedTimeWidth = 256,
        AddedInputWidth = 2816,
        SampleSize = 128,
    };

    /// <summary>Stable Diffusion XL refiner 1.0.</summary>
    public static UNetConfig SdxlRefiner { get; } = new()
    {
        BlockChannels = [384, 768, 1536, 1536],
        DownBlocks = [PlainDown, CrossDown, CrossDown, PlainDown],
        UpBlocks = [PlainUp, CrossUp, CrossUp, PlainUp],
        Heads = [6, 12, 24, 24],
        TransformerDepth = [4, 4, 4, 4],
        CrossAttentionChannels = 1280,
        UseLinearProjection = true,
        AddedTimeWidth = 256,
        AddedInputWidth = 2560,
        SampleSize = 128,
    };

    /// <summary>How many numbers XL's network is told beside a pooled text of that width: 6, its refiner's 5.</summary>
    /// <exception cref="LowrankException">The rest is no whole number of sinusoids, or the network is told none.</exception>
    public int AddedNumbers(long pooled)
    {
        if (AddedInputWidth is not { } all || AddedTimeWidth is not { } each)
            throw new LowrankException("The network is told neither a pooled text nor numbers. Is it one of Stable Diffusion XL?");
        long rest = all - pooled;
        return rest >= 0 && rest % each == 0 ? (int)(rest / each) : throw new LowrankException(
            $"A pooled text of {pooled} numbers was given to a network that is told {all} with sinusoids of {each}. " +
            "Was it encoded by the text encoders of another model?");
    }

    /// <summary>Reads a published config.json.</summary>
    /// <exception cref="LowrankException">The file is missing, or has values that are missing, impossible or not supported here; all are
    /// listed.</exception>
    public static UNetConfig Read(string path)
    {
        var reader = ConfigReader.Open(path);
        RefuseUnsupported(reader);
        var channels = reader.Counts("block_out_channels");
        int levels = channels.Count;
        bool added = reader.OptionalWord("addition_embed_type", "text_time") is not null;
        int? timeWidth = reader.OptionalCount("addition_time_embed_dim");
        int? inputWidth = reader.OptionalCount("projection_class_embeddings_input_dim");
        var heads = reader.PerLevel("attention_head_dim", levels, 8);
        if (reader.Has("num_attention_heads")) heads = reader.PerLevel("num_attention_heads", levels);
        var config = new UNetConfig
        {
            InChannels = reader.Count("in_channels", 4),
            OutChannels = reader.Count("out_channels", 4),
            BlockChannels = channels,
            DownBlocks = reader.Words("down_block_types", levels, CrossDown, PlainDown),
            MidBlock = !reader.IsNull("mid_block_type") && reader.Word("mid_block_type", "UNetMidBlock2DCrossAttn").Length > 0,
            UpBlocks = reader.Words("up_block_types", levels, CrossUp, PlainUp),
            LayersPerBlock = reader.PerLevel("layers_per_block", levels, 2),
            Heads = heads,
            TransformerDepth = reader.PerLevel("transformer_layers_per_block", levels, 1),
            CrossAttentionChannels = reader.Count("cross_attention_dim", 1280),
            UseLinearProjection = reader.Flag("use_linear_projection", false),
            UpcastAttention = reader.Flag("upcast_attention", false),
            NormGroups = reader.Count("norm_num_groups", 32),
            NormEps = reader.Number("norm_eps", 1e-5),
            FlipSinToCos = reader.Flag("flip_sin_to_cos", true),
            FrequencyShift = reader.Number("freq_shift", 0),
            AddedTimeWidth = added ? timeWidth : null,
            AddedInputWidth = added ? inputWidth : null,
            ConvInKernel = reader.Count("conv_in_kernel", 3),
            ConvOutKernel = reader.Count("conv_out_kernel", 3),
            SampleSize = reader.SquareSize("sample_size", 64),
        };
        reader.Require(!added || (timeWidth is not null && inputWidth is not null),
            "addition_embed_type is text_time, which needs addition_time_embed_dim and projection_class_embeddings_input_dim");
        config.RequireDivisors(reader);
        reader.Finish(strict: true);
        return config;
    }

    static readonly string[] unsupported =
    [
        "center_input_sample", "class_embed_type", "num_class_embeds", "cross_attention_norm", "dual_cross_attention",
        "encoder_hid_dim", "encoder_hid_dim_type", "mid_block_only_cross_attention", "only_cross_attention", "resnet_skip_time_act",
        "reverse_transformer_layers_per_block", "time_cond_proj_dim", "time_embedding_act_fn", "time_embedding_dim",
        "timestep_post_act",
    ];

    static void RefuseUnsupported(ConfigReader reader)
    {
        reader.Word("act_fn", "silu", "swish");
        reader.Word("attention_type", "default");
        reader.Word("resnet_time_scale_shift", "default");
        reader.Word("time_embedding_type", "positional");
        reader.Only("downsample_padding", 1);
        reader.Only("dropout", 0);
        reader.Only("mid_block_scale_factor", 1);
        reader.Only("resnet_out_scale_factor", 1);
        foreach (string field in unsupported) reader.Only(field);
        // They say how the unsupported ones above would be computed.
        reader.Ignore("addition_embed_type_num_heads", "class_embeddings_concat");
    }

    void RequireDivisors(ConfigReader reader)
    {
        for (int level = 0; level < Levels; level++)
        {
            reader.Require(BlockChannels[level] % Heads[level] == 0,
                $"{Heads[level]} attention heads do not divide block_out_channels {BlockChannels[level]} of level {level}");
            reader.Require(BlockChannels[level] % NormGroups == 0,
                $"norm_num_groups is {NormGroups}, which does not divide block_out_channels {BlockChannels[level]} of level {level}");
        }
    }
}
