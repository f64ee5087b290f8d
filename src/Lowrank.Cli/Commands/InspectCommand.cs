namespace Lowrank.Cli;

/// <summary>Says what is in adapter files or base models.</summary>
sealed class InspectCommand : HelpfulCommand
{
    readonly Argument<string[]> paths = new("path")
    {
        HelpName = "FILE|FOLDER",
        Arity = ArgumentArity.OneOrMore,
        Description = "adapters (.safetensors, .pt, .ckpt, .bin, .gguf, PEFT folders) or base models (folder or single file); " +
            "several, and the adapters of a folder, are shown side by side",
    };

    readonly JsonOption json = new("print everything as JSON; of several files a list");

    readonly Option<bool> norms = new("--norms")
    {
        Description = "list how much each layer is changed; " +
            "of several files: measure, and look for values that are wrong (reads all tensors)",
    };

    readonly Option<bool> hashes = new("--hashes") { Description = "hash base models, or several files, too (reads them)" };
    readonly Option<bool> keys = new("--keys") { Description = "list every tensor of the file with its dtype and shape" };

    public InspectCommand() : base("inspect",
        "Shows what is in adapter files or base models. " +
        "Adapters: dialect, base model, methods, ranks, alphas, norms by block, training, trigger words, hashes, health. " +
        "Base models: family, parts, sizes.")
    {
        Add(paths);
        Add(json);
        Add(norms);
        Add(hashes);
        Add(keys);
        SetAction((result, cancel) => Task.FromResult(Run(RequestOf(result), result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("inspect out/demo/ink.safetensors", "an adapter"),
        new("inspect loras", "a folder of adapters, a line each"),
        new("inspect models/emoji-sd", "a base model in diffusers layout"),
        new("inspect sd15.safetensors --hashes", "a base model in one file: family, prediction, parts, keys that are left over"),
        new("inspect my-style.safetensors --norms --json", "everything, for a program"),
    ];

    // Unasked, one alone is measured and hashed.
    InspectingRequest RequestOf(ParseResult result) => new(result.GetRequiredValue(paths))
    {
        Keys = result.GetValue(keys),
        Norms = result.GetValue(norms) ? true : null,
        Hashes = result.GetValue(hashes) ? true : null,
    };

    int Run(InspectingRequest request, ParseResult result, CancellationToken cancel)
    {
        var reports = ProgressBars.Show(new InspectingJob(), request, cancel);
        if (reports is [var only])
        {
            json.Show(result, only, (report, console) => InspectView.Write(report, result.GetValue(norms), console));
            return ExitCode.Success;
        }
        json.Show(result, reports, InspectTable.Write);
        string[] errors = [.. reports.Select(report => report.Error).OfType<string>()];
        foreach (string error in errors) Console.Error.WriteLine(Terminal.Shown(FieldNames.AsOptions(error)));
        return errors.Length > 0 ? ExitCode.Failure : ExitCode.Success;
    }
}
