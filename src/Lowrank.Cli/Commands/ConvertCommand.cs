namespace Lowrank.Cli;

/// <summary>Writes an adapter in another dialect, or a base model in the other layout.</summary>
sealed class ConvertCommand : HelpfulCommand
{
    readonly Argument<string> input = new("input")
    {
        HelpName = "IN",
        Description = "an adapter (file or PEFT folder) or a base model (single file or diffusers folder)",
    };

    readonly Argument<string> output = new("output") { HelpName = "OUT", Description = "the file or folder to be written" };
    readonly BaseModelOptions baseModel = new(
        "the base model that the adapter is for (default: the published shape that its names point to)");

    readonly OutputOptions writing = new("that of the input", "that of the input");
    readonly Option<string[]> leaveOut = new("--leave-out")
    {
        HelpName = "LAYERS", AllowMultipleArgumentsPerToken = true,
        Description = "layers that are not to be written, by names in their paths, globs or /expressions/",
    };

    readonly JsonOption json = new("print what was done as JSON");

    public ConvertCommand() : base("convert",
        "Writes an adapter in another program's spelling, or a base model as a single file or a diffusers folder. " +
        "What the new form cannot hold is an error, never dropped.")
    {
        Add(input);
        Add(output);
        AddGroup("What", [.. baseModel.All]);
        AddGroup("How", [.. writing.All, leaveOut, json]);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("convert style.safetensors style-diffusers.safetensors --to diffusers", "an adapter as diffusers writes it"),
        new("convert peft-folder style.safetensors --to kohya --base-model models/sd15", "a PEFT folder for AUTOMATIC1111 and ComfyUI"),
        new("convert style.safetensors small.safetensors --dtype f16", "half the size"),
        new("convert model.safetensors models/mine", "a checkpoint as a diffusers folder"),
        new("convert models/mine model.safetensors", "and back"),
        new("convert old.ckpt new.safetensors", "a checkpoint without pickle"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var request = new ConvertingRequest(result.GetRequiredValue(input), result.GetRequiredValue(output))
        {
            Base = baseModel.Of(result),
            Dialect = writing.Named(result),
            Dtype = writing.Dtype(result),
            Overwrite = writing.Overwrite(result),
            OptionalLevels = writing.TextModel(result),
            LeaveOut = result.GetValue(leaveOut) ?? [],
        };
        var report = ProgressBars.Show(new ConvertingJob(), request, cancel);
        json.Show(result, report, WorkbenchView.Write);
        return ExitCode.Success;
    }
}
