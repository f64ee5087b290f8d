namespace Lowrank.Cli;

/// <summary>Says what is in an adapter file or a base model.</summary>
sealed class InspectCommand : HelpfulCommand
{
    readonly Argument<string> path = new("path") { HelpName = "FILE|FOLDER", Description = "an adapter (.safetensors, .pt, .ckpt, .bin) or a base model (folder or single file)" };
    readonly Option<bool> json = new("--json") { Description = "print everything as JSON" };
    readonly Option<bool> norms = new("--norms") { Description = "measure how much each layer is changed (reads all tensors)" };
    readonly Option<bool> keys = new("--keys") { Description = "list every tensor with its dtype and shape" };

    public InspectCommand() : base("inspect", "Shows what is in an adapter file or a base model. " +
        "Adapters: dialect, method, ranks, alphas, targets, metadata, norms. Base models: family, parts, sizes.")
    {
        Add(path);
        Add(json);
        Add(norms);
        Add(keys);
        SetAction(result =>
        {
            var report = InspectReport.Of(result.GetRequiredValue(path), result.GetValue(keys), result.GetValue(norms));
            if (result.GetValue(json)) JsonView.Write(report);
            else InspectView.Write(report, Terminal.Results);
            return ExitCode.Success;
        });
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("inspect out/demo/ink.safetensors", "an adapter"),
        new("inspect models/emoji-sd", "a base model in diffusers layout"),
        new("inspect sd15.safetensors", "a base model in one file: family, prediction, parts, keys that are left over"),
        new("inspect my-style.safetensors --norms --json", "everything, for a program"),
    ];
}
