using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>The options that say with which model pictures are drawn, and with which adapters.</summary>
sealed class DrawnModelOptions
{
    readonly Option<string> model = new("--model", "--base-model", "-m")
    {
        HelpName = "FOLDER|FILE",
        Description = "the base model: a folder in diffusers layout or a single-file checkpoint " +
            "(default: models/emoji-sd, which comes with Lowrank)",
    };

    readonly Option<string> config = new("--model-config")
    {
        HelpName = "FOLDER",
        Description = "a diffusers folder that tells what a single file does not: settings, tokenizer, parts it lacks",
    };

    readonly Option<string> prediction = new("--prediction")
    {
        HelpName = "NAME",
        Description = "what the model predicts: auto (as it says, or a guess), epsilon or v_prediction",
        DefaultValueFactory = _ => "auto",
    };

    readonly Option<string> adaptersFolder = new("--adapters-dir")
    {
        HelpName = "FOLDER",
        Description = "where the adapters lie that a prompt names by <lora:name:strength>, or a picture's text: by file or by what their " +
            "maker called them; te=, unet=, dyn=, lbw=, lbwe=, start=, stop= and step= are heeded",
    };

    readonly UnmatchedOption allowUnmatched = new();

    public DrawnModelOptions() => prediction.AcceptOnlyFromAmong([.. DenoisingSection.Predictions.All]);

    /// <summary>The options.</summary>
    public Option[] All => [model, config, prediction, .. Drawing, .. Settings, adaptersFolder, allowUnmatched];

    /// <summary>What the others set.</summary>
    public SettingList<GeneratingRequest> Settings { get; } = new()
    {
        {
            new Option<string>("--vae")
            {
                HelpName = "FILE|FOLDER",
                Description = "an autoencoder in place of the model's own: of a file, a checkpoint or a folder; a small one " +
                    "(taesd_decoder) is faster and coarser, and where it has no encoder beside it the model's own encodes",
            },
            (request, file) => request with { Vae = file }
        },
        {
            new Option<AdapterChoice[]>("--adapter", "-a")
            {
                HelpName = "FILE[:STRENGTH]",
                Description = "an adapter with its strength (1 if left out); may be given several times. Behind it :te=S and :unet=S for " +
                    "parts, :step=5-20 for the UNet's steps, :lbw= for blocks, as in a prompt's <lora:...>; a strength S may change on " +
                    "the way: 1,0.5@10,0@0.8 is 1, from step 10 on 0.5, and 0 in the last fifth of the steps",
                CustomParser = EachToken.By(DrawnAdapterArgument.Parse),
            },
            (request, adapters) => request with { Adapters = adapters ?? [] }
        },
    };

    /// <summary>How the autoencoder works.</summary>
    public SettingList<GenerateOptions> Drawing { get; } = new()
    {
        { Tiling(), (options, text) => options with { Tiling = TilingChoice.Read(text!) } },
    };

    static Option<string> Tiling()
    {
        var tiling = new Option<string>("--vae-tiling")
        {
            HelpName = "auto|on|off|PIXELS",
            Description = "decode and encode in tiles: auto does where the whole would take more memory than is free on the CPU, and " +
                "says so; on takes tiles of the size that the autoencoder was made for, a number tiles of so many pixels (a multiple of " +
                "32). Tiles overlap by a quarter and fade into each other; each is decoded by what it shows alone, so that colours may " +
                "differ a little",
            DefaultValueFactory = _ => TilingChoice.Auto.Text,
        };
        tiling.AcceptNames([TilingChoice.Auto.Text, TilingChoice.Always.Text, TilingChoice.Never.Text], TilingChoice.Read);
        return tiling;
    }

    /// <summary>What a call with a graph says too.</summary>
    public Option[] OfGraphs => [config, allowUnmatched];

    /// <summary>The base model's place.</summary>
    public string Of(ParseResult result) => HubPlaces.FindAny(result.GetValue(model)) ?? RepositoryFiles.FindDemoModel();

    /// <summary>What the model cannot say of itself.</summary>
    public CheckpointOptions OptionsOf(ParseResult result) => new()
    {
        Config = result.GetValue(config),
        AllowUnmatched = result.GetValue(allowUnmatched),
        Prediction = DenoisingSection.Predictions.Of(result.GetRequiredValue(prediction)),
    };

    /// <summary>The folder of the adapters that prompts name; null for none.</summary>
    public string? AdaptersFolder(ParseResult result) => result.GetValue(adaptersFolder);
}
