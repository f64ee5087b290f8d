namespace Lowrank.Models;

/// <summary>Shape of an AutoencoderKL, as its config.json says it.</summary>
public sealed record VaeConfig
{
    /// <summary>Channels of a picture.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels of a decoded picture.</summary>
    public int OutChannels { get; init; } = 3;

    /// <summary>Channels of a latent.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels of each level, finest first; between two levels height and width are halved.</summary>
    public IReadOnlyList<int> BlockChannels { get; init; } = [128, 256, 512, 512];

    /// <summary>Resnets of each level in the encoder; one more in the decoder.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Groups of the group norms.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>Whether the coarsest place attends to itself.</summary>
    public bool MidBlockAttention { get; init; } = true;

    /// <summary>Whether a 1x1 convolution follows the encoder.</summary>
    public bool QuantConv { get; init; } = true;

    /// <summary>Whether a 1x1 convolution stands before the decoder.</summary>
    public bool PostQuantConv { get; init; } = true;

    /// <summary>What encoded latents are multiplied by for the denoising network, so that their deviation is near 1.</summary>
    public double ScalingFactor { get; init; } = 0.18215;

    /// <summary>Whether it leaves the range of float16 (XL): compute in float32 or bfloat16.</summary>
    public bool ForceUpcast { get; init; }

    /// <summary>Height and width in pixels for which it was made.</summary>
    public int SampleSize { get; init; } = 512;

    /// <summary>Pixels per latent along an axis: 8 for Stable Diffusion.</summary>
    public int Factor => 1 << (BlockChannels.Count - 1);

    /// <summary>Stable Diffusion 1.</summary>
    public static VaeConfig Sd15 { get; } = new();

    /// <summary>Stable Diffusion 2.1: the shape of 1.</summary>
    public static VaeConfig Sd21 { get; } = new() { SampleSize = 768 };

    /// <summary>Stable Diffusion XL.</summary>
    public static VaeConfig Sdxl { get; } = new() { SampleSize = 1024, ScalingFactor = 0.13025, ForceUpcast = true };

    /// <summary>Reads a published config.json.</summary>
    /// <exception cref="LowrankException">The file is missing, or has values that are missing, impossible or not supported here; all are
    /// listed.</exception>
    public static VaeConfig Read(string path)
    {
        var reader = ConfigReader.Open(path);
        reader.Word("act_fn", "silu", "swish");
        // Latents that are moved before they are scaled belong to models that are not built here.
        foreach (string unsupported in new[] { "shift_factor", "latents_mean", "latents_std" }) reader.Only(unsupported, 0);
        var channels = reader.Counts("block_out_channels");
        reader.Words("down_block_types", channels.Count, "DownEncoderBlock2D");
        reader.Words("up_block_types", channels.Count, "UpDecoderBlock2D");
        var config = new VaeConfig
        {
            InChannels = reader.Count("in_channels", 3),
            OutChannels = reader.Count("out_channels", 3),
            LatentChannels = reader.Count("latent_channels", 4),
            BlockChannels = channels,
            LayersPerBlock = reader.Count("layers_per_block", 1),
            NormGroups = reader.Count("norm_num_groups", 32),
            MidBlockAttention = reader.Flag("mid_block_add_attention", true),
            QuantConv = reader.Flag("use_quant_conv", true),
            PostQuantConv = reader.Flag("use_post_quant_conv", true),
            ScalingFactor = reader.Number("scaling_factor", 0.18215),
            ForceUpcast = reader.Flag("force_upcast", true),
            SampleSize = reader.SquareSize("sample_size", 32),
        };
        foreach (int width in channels)
            reader.Require(width % config.NormGroups == 0,
                $"norm_num_groups is {config.NormGroups}, which does not divide block_out_channels {width}");
        reader.Require(config.ScalingFactor > 0, $"scaling_factor is {PlainValue.Text(config.ScalingFactor)}, and must be above zero");
        reader.Finish(strict: true);
        return config;
    }
}
