namespace Lowrank.Graphs;

/// <summary>Base models that nodes load.</summary>
static class LoadedBase
{
    /// <summary>Loads a base, which lives as long as the node's place in the cache: its network, text encoders and autoencoder.</summary>
    /// <exception cref="LowrankException">It is no model that is known.</exception>
    public static IReadOnlyList<GraphValue> Read(NodeRun run, string path, CheckpointOptions options)
    {
        var device = run.Settings.Device;
        var storage = new Lowrank.Torch.Layers.Storage(run.Settings.Precision.Stored, device);
        var loaded = run.Keep(new GraphBase(StableDiffusion.Load(path, storage, options: options), device));
        foreach (string note in loaded.Model.Notes) run.Note(note);
        return [new ModelValue(loaded), new ClipValue(loaded), new VaeValue(new(() => loaded.Model.Vae), device)];
    }
}
