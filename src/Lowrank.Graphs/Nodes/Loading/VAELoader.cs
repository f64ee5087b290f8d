namespace Lowrank.Graphs;

/// <summary>Loads an autoencoder from a file of its own.</summary>
sealed class VAELoader : GraphNode
{
    public override string ClassType => "VAELoader";

    public override string Title => "Load VAE";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [ChoiceInput.Weights("vae_name", "vae")];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Vae];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var settings = run.Settings;
        string name = run.Text("vae_name"), path = settings.Folders.Weight("vae", name);
        var storage = new Lowrank.Torch.Layers.Storage(settings.Precision.Stored, settings.Device);
        var vae = run.Keep(AutoencoderFile.Load(path, storage, settings.ModelOptions.Config, out var unused));
        if (unused.Count > 0) run.Note($"{unused.Count} tensors of {name} are not used, such as {unused[0]}.");
        return [new VaeValue(new(vae), settings.Device)];
    }
}
