namespace Lowrank.Models;

/// <summary>Shape of an AutoencoderTiny, as its config.json says it.</summary>
public sealed record AutoencoderTinyConfig
{
    /// <summary>Channels of a picture.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels of a decoded picture.</summary>
    public int OutChannels { get; init; } = 3;

    /// <summary>Channels of a latent.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels of each encoder stage; each after the first halves height and width.</summary>
    public IReadOnlyList<int> EncoderChannels { get; init; } = [64, 64, 64, 64];

    /// <summary>Channels of each decoder stage; each but the last doubles height and width.</summary>
    public IReadOnlyList<int> DecoderChannels { get; init; } = [64, 64, 64, 64];

    /// <summary>Residual blocks of each encoder stage; none where there is no encoder.</summary>
    public IReadOnlyList<int> EncoderBlocks { get; init; } = [1, 3, 3, 3];

    /// <summary>Residual blocks of each decoder stage.</summary>
    public IReadOnlyList<int> DecoderBlocks { get; init; } = [3, 3, 3, 1];

    /// <summary>Enlargement between decoder stages.</summary>
    public int Upsampling { get; init; } = 2;

    /// <summary>Pixels per latent along an axis: 8 for Stable Diffusion.</summary>
    public int Factor => (int)Math.Pow(Upsampling, DecoderBlocks.Count - 1);

    /// <summary>Largest latent that a picture of latents shows.</summary>
    public double LatentMagnitude { get; init; } = 3;

    /// <summary>Where a zero latent lies in a picture of latents.</summary>
    public double LatentShift { get; init; } = 0.5;

    /// <summary>Its latents are those that the denoising network sees.</summary>
    public double ScalingFactor { get; init; } = 1;

    /// <summary>Reads a published config.json.</summary>
    /// <exception cref="LowrankException">The file is missing, or has values that are missing, impossible or not supported here; all are
    /// listed.</exception>
    public static AutoencoderTinyConfig Read(string path)
    {
        var reader = ConfigReader.Open(path);
        reader.Word("act_fn", "relu");
        reader.Word("upsample_fn", "nearest");
        reader.Only("shift_factor", 0);
        reader.Ignore("force_upcast", "block_out_channels");
        var config = new AutoencoderTinyConfig
        {
            InChannels = reader.Count("in_channels", 3),
            OutChannels = reader.Count("out_channels", 3),
            LatentChannels = reader.Count("latent_channels", 4),
            EncoderChannels = reader.Counts("encoder_block_out_channels"),
            DecoderChannels = reader.Counts("decoder_block_out_channels"),
            EncoderBlocks = reader.Counts("num_encoder_blocks"),
            DecoderBlocks = reader.Counts("num_decoder_blocks"),
            Upsampling = reader.Count("upsampling_scaling_factor", 2),
            LatentMagnitude = reader.Number("latent_magnitude", 3),
            LatentShift = reader.Number("latent_shift", 0.5),
            ScalingFactor = reader.Number("scaling_factor", 1),
        };
        reader.Require(config.EncoderChannels.Distinct().Count() == 1, "encoder_block_out_channels must all be the same");
        reader.Require(config.DecoderChannels.Distinct().Count() == 1, "decoder_block_out_channels must all be the same");
        reader.Require(config.EncoderChannels.Count == config.EncoderBlocks.Count,
            "encoder_block_out_channels and num_encoder_blocks have different lengths");
        reader.Require(config.DecoderChannels.Count == config.DecoderBlocks.Count,
            "decoder_block_out_channels and num_decoder_blocks have different lengths");
        reader.Finish(strict: true);
        return config;
    }
}
