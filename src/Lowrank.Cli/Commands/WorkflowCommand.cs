using Lowrank.Models;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Runs ComfyUI's graphs.</summary>
sealed class WorkflowCommand : HelpfulCommand
{
    readonly Argument<string> graph = new("graph")
    {
        HelpName = "FILE",
        Description = "a graph as JSON (exported for the API, or saved by the interface), or a picture that ComfyUI or this made",
    };

    readonly Option<bool> describe = new("--describe") { Description = "print what the graph would do, and load no model" };
    readonly WorkflowOptions folders = new();

    readonly Option<string> modelConfig = new("--model-config")
    {
        HelpName = "FOLDER",
        Description = "a diffusers folder that tells what checkpoints do not: settings, tokenizer, parts they lack",
    };

    readonly UnmatchedOption allowUnmatched = new();

    readonly Option<string> precision = new("--precision")
    {
        HelpName = "NAME",
        Description = PrecisionNames.Prose,
        DefaultValueFactory = _ => "auto",
    };

    readonly DeviceOption device = new();

    readonly Option<string> compat = new("--compat")
    {
        HelpName = "NAME",
        Description = "none, or comfyui: what ComfyUI 0.3.64 does wrong is done as it does it, for pictures that hang on it",
        DefaultValueFactory = _ => "none",
    };

    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = "where the graph saves; previews go into a folder in it",
        DefaultValueFactory = _ => Path.Combine("out", "pictures"),
    };

    readonly Option<bool> strict = new("--strict")
    {
        Description = "refuse to run where something in the graph would not be used as it stands",
    };

    readonly JsonOption json = new("print the files, or with --describe the nodes, as JSON");

    public WorkflowCommand() : base("workflow",
        "Runs a graph of ComfyUI: loads its checkpoints and adapters, samples, and saves what it saves. Prints the files it wrote.")
    {
        compat.AcceptOnlyFromAmong("none", "comfyui");
        precision.AcceptNames(PrecisionNames.All, PrecisionNames.Named);
        Add(graph);
        Add(describe);
        AddGroup("What", [.. folders.All, modelConfig, allowUnmatched]);
        AddGroup("How", precision, device, compat, strict);
        AddGroup("Where to", output, json);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("workflow graph.json --models-dir ~/ComfyUI/models --input-dir ~/ComfyUI/input", "as ComfyUI would run it"),
        new("workflow picture.png --describe", "what made a picture, node by node"),
        new("workflow graph.json --compat comfyui -o out/same", "the same bytes as ComfyUI's, its faults included"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        string folder = result.GetRequiredValue(output);
        var request = new WorkflowRequest(result.GetRequiredValue(graph), folders.Of(result, folder))
        {
            ModelOptions = new CheckpointOptions
            {
                Config = result.GetValue(modelConfig),
                AllowUnmatched = result.GetValue(allowUnmatched),
            },
            Precision = result.GetRequiredValue(precision),
            Device = result.GetRequiredValue(device),
            LikeComfyUi = result.GetRequiredValue(compat) == "comfyui",
            Strict = result.GetValue(strict),
        };
        if (result.GetValue(describe))
        {
            var plan = new WorkflowPlanJob().Run(request, cancel: cancel);
            plan = plan with { Account = [.. plan.Account, .. IdleIn(result)] };
            json.Show(result, plan, WorkflowView.Write);
            return plan.Faults.Count == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        return Run(request, json, result, cancel);
    }

    // What says how a graph is run, where it is not.
    IEnumerable<AccountLine> IdleIn(ParseResult result) =>
        new Option[] { modelConfig, allowUnmatched, precision, device, compat, strict, output }.Where(result.IsGiven)
            .Select(option => new AccountLine("idle_option", $"{option.Name} is not used: {describe.Name} runs nothing", true));

    /// <summary>Runs a graph and prints what it wrote.</summary>
    public static int Run(WorkflowRequest request, JsonOption json, ParseResult result, CancellationToken cancel)
    {
        var report = ProgressBars.Show(new WorkflowJob(), request, cancel);
        json.Show(result, report, (_, _) => WorkflowView.WriteFiles(report));
        return ExitCode.Success;
    }
}
