using Lowrank.Diffusion;
using Lowrank.Graphs;

namespace Lowrank.Cli;

/// <summary>The folders that a ComfyUI graph finds its files in.</summary>
sealed class WorkflowOptions
{
    static readonly GraphFolders usual = new();

    readonly Option<string> models = new("--models-dir")
    {
        HelpName = "FOLDER",
        Description = "the folder that holds checkpoints, loras, vae, embeddings, ... as ComfyUI's models does",
        DefaultValueFactory = _ => usual.Models,
    };

    readonly Option<string> input = new("--input-dir")
    {
        HelpName = "FOLDER",
        Description = "the folder of pictures that the graph loads",
        DefaultValueFactory = _ => usual.Input,
    };

    /// <summary>All of them.</summary>
    public Option[] All => [models, input];

    /// <summary>What of them goes with others alone.</summary>
    /// <param name="graph">The option that gives the graph.</param>
    public OptionNeed[] Needs(Option graph) => [new(models, graph), new(input, graph)];

    /// <summary>The folders of a call.</summary>
    /// <param name="result">The call.</param>
    /// <param name="output">Where the graph saves.</param>
    /// <exception cref="LowrankException">One that is typed does not exist; the usual ones need not.</exception>
    /// <exception cref="UsageException">The output is named as a picture is.</exception>
    public GraphFolders Of(ParseResult result, string output)
    {
        if (PictureFormat.OfPath(output) is not null && !Directory.Exists(output))
            throw new UsageException($"--output {output}: a graph names its pictures itself, and saves them in a folder. Give a folder.");
        foreach (var folder in new[] { models, input }.Where(result.IsGiven))
            GivenFiles.RequireFolder(folder.Name, result.GetRequiredValue(folder));
        return new()
        {
            Models = result.GetRequiredValue(models),
            Input = result.GetRequiredValue(input),
            Output = output,
            Temporary = Path.Combine(output, "previews"),
        };
    }
}
