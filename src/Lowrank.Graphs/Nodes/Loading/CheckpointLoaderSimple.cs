namespace Lowrank.Graphs;

/// <summary>Loads a single-file checkpoint: network, text encoders and autoencoder.</summary>
sealed class CheckpointLoaderSimple : GraphNode
{
    public override string ClassType => "CheckpointLoaderSimple";

    public override string Title => "Load Checkpoint";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [ChoiceInput.Weights("ckpt_name", "checkpoints")];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model, GraphTypes.Clip, GraphTypes.Vae];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        string path = run.Settings.Folders.Weight("checkpoints", run.Text("ckpt_name"));
        var device = run.Settings.Device;
        var storage = new Lowrank.Torch.Layers.Storage(run.Settings.Precision.Stored, device);
        var loaded = run.Keep(new GraphBase(StableDiffusion.Load(path, storage, options: run.Settings.ModelOptions), device));
        foreach (string note in loaded.Model.Notes) run.Note(note);
        return [new ModelValue(loaded), new ClipValue(loaded), new VaeValue(new(() => loaded.Model.Vae), device)];
    }
}
