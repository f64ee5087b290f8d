namespace Lowrank.Cli;

/// <summary>Says what is in adapter files or base models.</summary>
sealed class InspectCommand : HelpfulCommand
{
    readonly Argument<string[]> paths = new("path")
    {
        HelpName = "FILE|FOLDER", Arity = ArgumentArity.OneOrMore,
        Description = "adapters (.safetensors, .pt, .ckpt, .bin, PEFT folders) or base models (folder or single file); several are shown side by side",
    };

    readonly Option<bool> json = new("--json") { Description = "print everything as JSON; of several files a list" };
    readonly Option<bool> norms = new("--norms") { Description = "list how much each layer is changed; of several files: measure, and look for values that are wrong (reads all tensors)" };
    readonly Option<bool> hashes = new("--hashes") { Description = "hash base models, or several files, too (reads them)" };
    readonly Option<bool> keys = new("--keys") { Description = "list every tensor with its dtype and shape" };

    public InspectCommand() : base("inspect", "Shows what is in adapter files or base models. " +
        "Adapters: dialect, base model, methods, ranks, alphas, norms by block, training, trigger words, hashes, health. Base models: family, parts, sizes.")
    {
        Add(paths);
        Add(json);
        Add(norms);
        Add(hashes);
        Add(keys);
        SetAction(result =>
        {
            string[] files = result.GetRequiredValue(paths);
            return files is [var only] ? One(only, result) : Several(files, result);
        });
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("inspect out/demo/ink.safetensors", "an adapter"),
        new("inspect loras/*.safetensors", "a folder of adapters, a line each"),
        new("inspect models/emoji-sd", "a base model in diffusers layout"),
        new("inspect sd15.safetensors --hashes", "a base model in one file: family, prediction, parts, keys that are left over"),
        new("inspect my-style.safetensors --norms --json", "everything, for a program"),
    ];

    int One(string path, ParseResult result)
    {
        var report = InspectReport.Of(path, result.GetValue(keys), norms: true, result.GetValue(hashes) ? true : null);
        if (result.GetValue(json)) JsonView.Write(report);
        else InspectView.Write(report, result.GetValue(norms), Terminal.Results);
        return ExitCode.Success;
    }

    int Several(string[] files, ParseResult result)
    {
        var reports = ProgressBars.Show(bars =>
        {
            var bar = bars.Add("reading", files.Length);
            return files.Select((path, i) =>
            {
                bar.Report(i, path);
                return InspectReport.OrError(path, result.GetValue(keys), result.GetValue(norms), result.GetValue(hashes));
            }).ToList();
        });
        if (result.GetValue(json)) JsonView.Write(reports);
        else InspectView.Write(reports, Terminal.Results);
        foreach (var report in reports.Where(r => r.Error is not null)) Console.Error.WriteLine(report.Error);
        return reports.Exists(r => r.Error is not null) ? ExitCode.Failure : ExitCode.Success;
    }
}
