namespace Lowrank.Graphs;

/// <summary>Loads a single-file checkpoint: network, text encoders and autoencoder.</summary>
sealed class CheckpointLoaderSimple : GraphNode
{
    public override string ClassType => "CheckpointLoaderSimple";

    public override string Title => "Load Checkpoint";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [ChoiceInput.Weights("ckpt_name", "checkpoints")];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model, GraphTypes.Clip, GraphTypes.Vae];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => LoadedBase.Read(
        run, run.Settings.Folders.Weight("checkpoints", run.Text("ckpt_name")), run.Settings.ModelOptions);
}
