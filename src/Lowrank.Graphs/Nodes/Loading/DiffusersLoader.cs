namespace Lowrank.Graphs;

/// <summary>Loads a model from a folder in the layout of diffusers: network, text encoders and autoencoder.</summary>
sealed class DiffusersLoader : GraphNode
{
    public override string ClassType => "DiffusersLoader";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [new ChoiceInput("model_path", folders => folders.ModelFolders)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model, GraphTypes.Clip, GraphTypes.Vae];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        string path = run.Settings.Folders.ModelFolder(run.Choice("model_path"));
        return LoadedBase.Read(run, path, run.Settings.ModelOptions with { Config = null });   // it has settings of its own
    }
}
