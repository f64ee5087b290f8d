using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that say which autoencoder works, and how.</summary>
sealed class VaeOptions
{
    readonly Option<string> vae = new("--vae")
    {
        HelpName = "FILE|FOLDER",
        Description = "an autoencoder in place of the model's own: of a file, a checkpoint or a folder; a small one (taesd_decoder) is " +
            "faster and coarser, and where it has no encoder beside it the model's own encodes",
    };

    readonly Option<string> tiling = new("--vae-tiling")
    {
        HelpName = "auto|on|off|PIXELS",
        Description = "decode and encode in tiles: auto does where the whole would take more memory than is free on the CPU, and says so; " +
            "on takes tiles of the size that the autoencoder was made for, a number tiles of so many pixels (a multiple of 32). Tiles " +
            "overlap by a quarter and fade into each other; each is decoded by what it shows alone, so that colours may differ a little",
        DefaultValueFactory = _ => TilingChoice.Auto.Text,
    };

    public VaeOptions() =>
        tiling.AcceptNames([TilingChoice.Auto.Text, TilingChoice.Always.Text, TilingChoice.Never.Text], TilingChoice.Read);

    /// <summary>The options.</summary>
    public Option[] All => [vae, tiling];

    /// <summary>What goes into the options of pictures.</summary>
    public IReadOnlyList<(Option Option, Func<GenerateOptions, ParseResult, GenerateOptions> With)> Settings =>
    [
        (tiling, (options, result) => options with { Tiling = TilingChoice.Read(result.GetRequiredValue(tiling)) }),
    ];

    /// <summary>The file or folder; null for the model's own.</summary>
    public string? FileOf(ParseResult result) => result.GetValue(vae);
}
