using Lowrank.Formats;

namespace Lowrank.Cli;

/// <summary>Says what is in an adapter file or a base model.</summary>
sealed class InspectCommand : HelpfulCommand
{
    readonly Argument<string> path = new("path") { HelpName = "FILE|FOLDER", Description = "an adapter (.safetensors, .pt, .ckpt, .bin) or the folder of a base model" };
    readonly Option<bool> json = new("--json") { Description = "print everything as JSON" };
    readonly Option<bool> keys = new("--keys") { Description = "list every tensor with its dtype and shape" };

    public InspectCommand() : base("inspect", "Shows what is in an adapter file or in the folder of a base model, from its headers. " +
        "Adapters: dialect, method, ranks, alphas, targets, metadata. Base models: family, parts, sizes.")
    {
        Add(path);
        Add(json);
        Add(keys);
        SetAction(result => Run(result.GetRequiredValue(path), result.GetValue(json), result.GetValue(keys)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("inspect out/demo/ink.safetensors", "an adapter"),
        new("inspect models/emoji-sd", "a base model in diffusers layout"),
        new("inspect my-style.safetensors --json --keys", "everything, for a program"),
    ];

    static int Run(string path, bool json, bool keys)
    {
        using var file = Containers.Open(path);
        var facts = FileFacts.Of(file, keys);
        if (json) JsonView.Write(facts);
        else InspectView.Write(facts, Terminal.Results);
        return ExitCode.Success;
    }
}
