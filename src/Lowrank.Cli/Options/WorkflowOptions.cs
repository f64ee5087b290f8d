using Lowrank.Graphs;

namespace Lowrank.Cli;

/// <summary>The folders that a ComfyUI graph finds its files in.</summary>
sealed class WorkflowOptions
{
    readonly Option<string> models = new("--models-dir")
    {
        HelpName = "FOLDER",
        Description = "the folder that holds checkpoints, loras, vae, embeddings, ... as ComfyUI's models does",
        DefaultValueFactory = _ => "models",
    };

    readonly Option<string> input = new("--input-dir")
    {
        HelpName = "FOLDER",
        Description = "the folder of pictures that the graph loads",
        DefaultValueFactory = _ => "input",
    };

    /// <summary>All of them.</summary>
    public Option[] All => [models, input];

    /// <summary>What of them goes with others alone.</summary>
    /// <param name="graph">The option that gives the graph.</param>
    public OptionNeed[] Needs(Option graph) => [new(models, graph), new(input, graph)];

    /// <summary>The folders of a call.</summary>
    /// <param name="result">The call.</param>
    /// <param name="output">Where the graph saves.</param>
    public GraphFolders Of(ParseResult result, string output) => new()
    {
        Models = result.GetRequiredValue(models),
        Input = result.GetRequiredValue(input),
        Output = output,
        Temporary = Path.Combine(output, "previews"),
    };
}
