using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Makes an adapter of the difference between a tuned model and its base.</summary>
sealed class ExtractCommand : HelpfulCommand
{
    static readonly Words<ExtractedLayers> chosen = new(
        ("transformers", ExtractedLayers.Transformers, "as kohya; the default"),
        ("residual", ExtractedLayers.Residual, "residual blocks too; the default with --conv-rank"),
        ("all", ExtractedLayers.All, null));

    readonly BaseModelOptions baseModel = new("the model that was tuned");

    readonly Option<string> tuned = new("--tuned-model", "-t")
    {
        HelpName = "FOLDER|FILE",
        Description = "the tuned model, in whichever layout",
        Required = true,
    };

    readonly Option<string> layers = new("--layers")
    {
        HelpName = "NAME",
        Description = chosen.Prose,
    };

    readonly Option<bool> unetOnly = new("--unet-only") { Description = "leave the text encoders out" };
    readonly RankOptions ranks = new();

    readonly Option<string> like = new("--like")
    {
        HelpName = "NAME",
        Description = ExtractingRequest.Ways.Prose,
    };

    readonly Option<double?> clamp = new("--clamp")
    {
        HelpName = "QUANTILE",
        Description = "hold factors within a quantile of their values, as kohya does with 0.99 (default: not at all)",
    };

    readonly Option<double?> sparse = new("--sparse-bias")
    {
        HelpName = "SHARE",
        Description = "keep the largest entries of what is left over beside the factors, all but this share (LyCORIS: 0.98)",
    };

    readonly Option<bool> whole = new("--whole") { Description = "hold every change whole, norms and biases too, rather than factors" };

    readonly Option<bool> fullSvd = new("--full-svd")
    {
        Description = "decompose in full rather than by random projections, which are quicker and lose at most 1 % more",
    };

    readonly DeviceOption device = new();
    readonly Option<string> output = new("--output", "-o") { HelpName = "OUT", Description = "the adapter to be written", Required = true };
    readonly OutputOptions writing = new($"{AdapterOutput.UsualDialect}, of language models peft, which is a folder", "f16");
    readonly Option<bool> verbose = new("--verbose", "-v") { Description = "list every layer: rank, what is kept, what is lost" };
    readonly JsonOption json = new("print what was done as JSON, every layer included");

    public ExtractCommand() : base("extract",
        "Makes an adapter of the difference between a tuned model and its base. One layer is in memory at a time.")
    {
        layers.AcceptOnlyFromAmong([.. chosen.All]);
        like.AcceptOnlyFromAmong([.. ExtractingRequest.Ways.All]);
        AddGroup("What", [.. baseModel.All, tuned, layers, unetOnly]);
        AddGroup("Ranks", [.. ranks.All]);
        AddGroup("How", like, clamp, sparse, whole, fullSvd, device);
        AddGroup("Where to", [output, .. writing.All, verbose, json]);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("extract --base-model sd15.safetensors --tuned-model tuned.safetensors --rank 32 --output tuned-lora.safetensors",
            "rank 32 of the transformers' layers"),
        new("extract -m models/sd15 -t tuned.safetensors --energy 0.9 --rank 64 --conv-rank 32 -o tuned-lora.safetensors",
            "ranks by energy, residual blocks too"),
        new("extract -m models/sd15 -t tuned.safetensors --rank 16 --sparse-bias 0.98 -o tuned-lora.safetensors",
            "with the largest of what is left over"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var to = writing.Of(result, result.GetRequiredValue(output));
        var request = new ExtractingRequest(baseModel.Of(result), result.GetRequiredValue(tuned), to)
        {
            Ranks = ranks.Of(result),
            Layers = result.GetValue(layers) is { } told ? chosen.Of(told) : null,
            UnetOnly = result.GetValue(unetOnly),
            Like = result.GetValue(like),
            Clamp = result.GetValue(clamp),
            SparseBias = result.GetValue(sparse),
            Whole = result.GetValue(whole),
            FullSvd = result.GetValue(fullSvd),
            Device = result.GetRequiredValue(device),
        };
        var report = ProgressBars.Show(new ExtractingJob(), request, cancel);
        json.Show(result, report, (shown, console) => WorkbenchView.Write(shown, result.GetValue(verbose), console));
        return ExitCode.Success;
    }
}
