namespace Lowrank.Cli;

/// <summary>Tells whether two adapters make the same model.</summary>
sealed class VerifyCommand : HelpfulCommand
{
    readonly Argument<string> first = new("a") { HelpName = "A", Description = "an adapter of any dialect and method" };
    readonly Argument<string> second = new("b") { HelpName = "B", Description = "another" };
    readonly BaseModelOptions baseModel = new("the base model that they are for (default: the published shape that their names point to)");

    readonly Option<double> tolerance = new("--tolerance")
    {
        HelpName = "SHARE",
        Description = "the largest difference that counts as equal, as a share of the change at its layer; " +
            "0.01 suits files of f16 and bf16",
        DefaultValueFactory = _ => 1e-4,
    };

    readonly DeviceOption device = new();
    readonly Option<bool> verbose = new("--verbose", "-v") { Description = "list every layer" };
    readonly JsonOption json = new("print everything as JSON");

    public VerifyCommand() : base("verify",
        "Tells whether two adapters, of any dialects and methods, make the same model of a base: " +
        "the largest difference of the adapted weights at each layer. Exit code 1 where they differ.")
    {
        Add(first);
        Add(second);
        foreach (var option in baseModel.All) Add(option);
        Add(tolerance);
        Add(device);
        Add(verbose);
        Add(json);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("verify style.safetensors style-diffusers.safetensors", "after a conversion"),
        new("verify style.safetensors resized.safetensors --base-model models/sd15 --tolerance 0.05 --verbose",
            "what was lost, layer by layer"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var request = new VerifyingRequest(result.GetRequiredValue(first), result.GetRequiredValue(second))
        {
            Base = baseModel.Of(result),
            Tolerance = result.GetValue(tolerance),
            Device = result.GetRequiredValue(device),
        };
        var report = ProgressBars.Show(new VerifyingJob(), request, cancel);
        json.Show(result, report, (shown, console) => WorkbenchView.Write(shown, result.GetValue(verbose), console));
        return report.Equal ? ExitCode.Success : ExitCode.Failure;
    }
}
