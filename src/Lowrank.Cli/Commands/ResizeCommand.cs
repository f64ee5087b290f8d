namespace Lowrank.Cli;

/// <summary>Gives an adapter another rank.</summary>
sealed class ResizeCommand : HelpfulCommand
{
    readonly Argument<string> input = new("input") { HelpName = "IN", Description = "an adapter of any method (file or PEFT folder)" };
    readonly Argument<string> output = new("output") { HelpName = "OUT", Description = "the adapter to be written, a LoRA" };
    readonly RankOptions ranks = new();
    readonly BaseModelOptions baseModel = new(
        "the base model that the adapter is for (default: the published shape that its names point to)");

    readonly OutputOptions writing = new("that of the input", "that of the input");
    readonly DeviceOption device = new();

    readonly Option<bool> fullSvd = new("--full-svd")
    {
        Description = "decompose changes without factors in full rather than by random projections",
    };

    readonly Option<bool> verbose = new("--verbose", "-v") { Description = "list every layer: ranks, what is kept, what is lost" };
    readonly JsonOption json = new("print what was done as JSON, every layer included");

    public ResizeCommand() : base("resize",
        "Gives an adapter another rank: one for all, or for each layer what its singular values ask for. " +
        "A LoRA is resized without building its change; any other method becomes a LoRA, and the error is told.")
    {
        Add(input);
        Add(output);
        AddGroup("Ranks", [.. ranks.All, fullSvd]);
        AddGroup("What", [.. baseModel.All]);
        AddGroup("How", [device, .. writing.All, verbose, json]);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("resize style.safetensors small.safetensors --rank 16", "rank 16 everywhere"),
        new("resize style.safetensors small.safetensors --sv-fro 0.9 --rank 32 --verbose",
            "as many as keep 0.9 of each layer's norm, at most 32"),
        new("resize loha.safetensors lora.safetensors --rank 8 --conv-rank 4", "a LoHa as a LoRA"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var to = writing.Of(result, result.GetRequiredValue(output));
        var request = new ResizingRequest(result.GetRequiredValue(input), to, ranks.Of(result))
        {
            Base = baseModel.Of(result),
            FullSvd = result.GetValue(fullSvd),
            Device = result.GetRequiredValue(device),
        };
        var report = ProgressBars.Show(new ResizingJob(), request, cancel);
        json.Show(result, report, (shown, console) => WorkbenchView.Write(shown, result.GetValue(verbose), console));
        return ExitCode.Success;
    }
}
