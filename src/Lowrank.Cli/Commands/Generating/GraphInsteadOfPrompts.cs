using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>A graph of ComfyUI that is drawn by in place of prompts: what it says itself cannot be said beside it.</summary>
/// <param name="options">The options of prompts, of which some hold for graphs too.</param>
sealed class GraphInsteadOfPrompts(GeneratingOptions options)
{
    readonly Option<string> workflow = new("--workflow")
    {
        HelpName = "FILE",
        Description = "draw by a graph of ComfyUI (JSON, or a picture that holds one) in place of prompts; see: lowrank workflow --help",
    };

    readonly WorkflowOptions folders = new();

    /// <summary>The options.</summary>
    public Option[] All => [workflow, .. folders.All];

    /// <summary>What of them goes with a graph alone.</summary>
    public OptionNeed[] Needs => folders.Needs(workflow);

    /// <summary>What a call asks for; null where it gives no graph.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="json">The option that prints the account, which holds for graphs too.</param>
    /// <exception cref="UsageException">Something is typed that the graph says.</exception>
    public WorkflowRequest? Of(ParseResult result, JsonOption json)
    {
        if (result.GetValue(workflow) is not { } graph) return null;
        RefuseIdle(result, json);
        var (precision, device) = options.Sampling.ComputingOf(result);
        var model = options.Model.OptionsOf(result);
        return new(graph, folders.Of(result, options.Place.Of(result)))
        {
            ModelOptions = new CheckpointOptions { Config = model.Config, AllowUnmatched = model.AllowUnmatched },
            Precision = precision,
            Device = device,
            Strict = result.GetValue(options.Strict),
        };
    }

    void RefuseIdle(ParseResult result, JsonOption json)
    {
        Option[] heeded =
        [
            .. All, .. options.Model.OfGraphs, .. options.Sampling.Computing, options.Place.Output, options.Strict, json,
        ];
        var given = result.CommandResult.Command.Options.Except(heeded).Where(result.IsGiven).Select(option => option.Name);
        string[] idle = [.. given, .. options.Subject.Typed(result).Length > 0 ? ["prompts"] : Array.Empty<string>()];
        if (idle.Length > 0)
            throw new UsageException("With --workflow the graph says what is drawn: " +
                $"leave out {string.Join(", ", idle)}, or change the graph.");
    }
}
